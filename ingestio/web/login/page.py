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
                _head(),
                _error(),
                _form(),
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


def _head() -> rx.Component:
    return rx.cond(
        LoginState.is_sign_up,
        rx.fragment(
            rx.el.h1("Create an account"),
            rx.el.p("Have one? ", _link("Sign in", ""), class_name="mut other"),
        ),
        rx.fragment(
            rx.el.h1("Sign in"),
            rx.el.p("New here? ", _link("Create an account", SIGN_UP), class_name="mut other"),
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


def _form() -> rx.Component:
    """One form for both: what was typed before the page woke up stays when it turns out which."""
    is_new = LoginState.is_sign_up
    return PlainForm.create(
        rx.el.div(
            labelled_input("E-mail", "email", type="email", auto_complete="email", required=True),
            labelled_input(
                "Password",
                "password",
                _eye(),
                type=rx.cond(LoginState.is_password_shown, "text", "password"),
                auto_complete=rx.cond(is_new, "new-password", "current-password"),
                min_length=rx.cond(is_new, MIN_PASSWORD_CHARS, 1),
                max_length=MAX_PASSWORD_CHARS,
                required=True,
            ),
            rx.cond(
                is_new, rx.el.p(f"At least {MIN_PASSWORD_CHARS} characters.", class_name="sm mut")
            ),
            rx.el.input(type="hidden", name="next", value=LoginState.back_to, read_only=True),
            rx.el.button(
                rx.cond(is_new, "Create account", "Sign in"),
                type="submit",
                form_action=rx.cond(is_new, "/api/sign-up", "/api/sign-in"),
                # Until the page is awake it does not know whether this is a sign-up.
                disabled=~LoginState.is_hydrated,  # pyright: ignore[reportOperatorIssue]
                class_name="btn pri lg",
            ),
            class_name="col fields",
        ),
        method="post",
        action="/api/sign-in",
    )


def _eye() -> rx.Component:
    is_shown = LoginState.is_password_shown
    return rx.el.button(
        rx.cond(
            is_shown,
            rx.icon("eye_off", size=16, aria_hidden="true"),
            rx.icon("eye", size=16, aria_hidden="true"),
        ),
        type="button",
        class_name="ib",
        aria_label=rx.cond(is_shown, "Hide password", "Show password"),
        on_click=LoginState.show_password,
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
