"""Sign in and sign up: forms that the browser sends itself; the API answers with the cookie."""

from __future__ import annotations

import reflex as rx

from ingestio.domain.accounts import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from ingestio.web import routes
from ingestio.web.components.forms import PlainForm, labelled_input
from ingestio.web.components.icons import brand_mark
from ingestio.web.login.art import page_and_values
from ingestio.web.login.state import SIGN_UP, LoginState


def login_page() -> rx.Component:
    """The form on the left, what it is for on the right."""
    return rx.el.div(
        rx.el.main(
            rx.el.a(brand_mark(), "IngestIO", href="/", class_name="brand"),
            rx.el.div(
                rx.cond(LoginState.is_sign_up, _sign_up(), _sign_in()),
                rx.cond(LoginState.is_demo, _demo()),
                class_name="box",
            ),
            class_name="form",
        ),
        rx.el.aside(page_and_values(), class_name="art"),
        class_name="auth",
    )


def front_page() -> rx.Component:
    """The bare address: it only leads on."""
    return rx.el.main(
        rx.el.a("Go to the dashboard", href=routes.DASHBOARD, class_name="btn"),
        class_name="lead-on",
    )


def _sign_in() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Sign in"),
        rx.el.p("New here? ", _link("Create an account", SIGN_UP), class_name="mut other"),
        _error(),
        _form(
            "/api/sign-in",
            "Sign in",
            _password(autocomplete="current-password"),
        ),
    )


def _sign_up() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Create an account"),
        rx.el.p("Have one? ", _link("Sign in", ""), class_name="mut other"),
        _error(),
        _form(
            "/api/sign-up",
            "Create account",
            _password(autocomplete="new-password", min_length=MIN_PASSWORD_CHARS),
            rx.el.p(f"At least {MIN_PASSWORD_CHARS} characters.", class_name="sm mut"),
        ),
    )


def _link(text: str, mode: str) -> rx.Component:
    address = f"{routes.LOGIN}?{f'mode={mode}&' if mode else ''}next="
    return rx.link(text, href=address + LoginState.back_to_quoted, unstyled=True)


def _error() -> rx.Component:
    return rx.cond(
        LoginState.error != "",
        rx.el.div(
            rx.icon("circle_alert", size=16, aria_hidden="true"),
            rx.el.p(LoginState.error),
            class_name="note bad",
            role="alert",
            id="login-error",
        ),
    )


def _form(action: str, submit: str, *fields: rx.Component) -> rx.Component:
    return PlainForm.create(
        rx.el.div(
            labelled_input("E-mail", "email", type="email", auto_complete="email", required=True),
            *fields,
            rx.el.input(type="hidden", name="next", value=LoginState.back_to, read_only=True),
            rx.el.button(submit, type="submit", class_name="btn pri lg"),
            class_name="col fields",
        ),
        method="post",
        action=action,
        key=action,
    )


def _password(*, autocomplete: str, min_length: int = 1) -> rx.Component:
    eye = rx.el.button(
        rx.cond(
            LoginState.is_password_shown,
            rx.icon("eye_off", size=16, aria_hidden="true"),
            rx.icon("eye", size=16, aria_hidden="true"),
        ),
        type="button",
        class_name="ib",
        aria_label=rx.cond(LoginState.is_password_shown, "Hide password", "Show password"),
        on_click=LoginState.show_password,
    )
    return labelled_input(
        "Password",
        "password",
        eye,
        type=rx.cond(LoginState.is_password_shown, "text", "password"),
        auto_complete=autocomplete,
        min_length=min_length,
        max_length=MAX_PASSWORD_CHARS,
        required=True,
    )


def _demo() -> rx.Component:
    return rx.el.div(
        rx.el.p("Or look around with a demo account", class_name="sm mut"),
        rx.foreach(LoginState.demo_accounts, _demo_form),
        class_name="col g2 demo",
    )


def _demo_form(email: rx.Var[str]) -> rx.Component:
    return PlainForm.create(
        rx.el.input(type="hidden", name="email", value=email, read_only=True),
        rx.el.input(type="hidden", name="password", value=LoginState.demo_password, read_only=True),
        rx.el.input(type="hidden", name="next", value=routes.DASHBOARD, read_only=True),
        rx.el.button("Continue as " + email, type="submit", class_name="btn lg"),
        method="post",
        action="/api/sign-in",
        key=email,
    )
