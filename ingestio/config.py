"""Every setting, typed, with its unit and default, read once.

Answers what the environment asks for (Spec 9.4). Leaves acting on it to `bootstrap`, the only
reader beside the doors' start-up.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MIN_SECRET_CHARS = 32


class Settings(BaseSettings):
    """The environment. Names in capitals are the variables themselves."""

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    port: int = Field(default=3000, validation_alias="INGESTIO_PORT", ge=1, le=65_535)
    host: str = Field(default="127.0.0.1", validation_alias="INGESTIO_HOST")
    data_dir: Path = Field(default=Path(".data"), validation_alias="INGESTIO_DATA_DIR")
    public_url: str = Field(default="", validation_alias="INGESTIO_PUBLIC_URL")
    demo: bool = Field(default=False, validation_alias="INGESTIO_DEMO")
    default_plan: str = Field(default="", validation_alias="INGESTIO_DEFAULT_PLAN")
    lease_s: float = Field(default=60.0, validation_alias="INGESTIO_LEASE_S", gt=0)
    concurrency: int = Field(default=4, validation_alias="INGESTIO_CONCURRENCY", ge=1, le=256)
    concurrency_a_user: int = Field(
        default=0, validation_alias="INGESTIO_CONCURRENCY_A_USER", ge=0, le=256
    )
    """0: the fair order alone shares the places."""
    sweep_s: float = Field(default=2.0, validation_alias="INGESTIO_SWEEP_S", gt=0)
    max_pages_per_file: int = Field(
        default=1_000, validation_alias="INGESTIO_MAX_PAGES_PER_FILE", ge=1
    )
    max_pixels: int = Field(default=40_000_000, validation_alias="INGESTIO_MAX_PIXELS", ge=1)
    max_side_pixels: int = Field(default=20_000, validation_alias="INGESTIO_MAX_SIDE_PIXELS", ge=1)
    trusted_hops: int = Field(default=0, validation_alias="INGESTIO_TRUSTED_HOPS", ge=0)
    failpoint: str = Field(default="", validation_alias="INGESTIO_FAILPOINT")

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    storage_url: str = Field(default="", validation_alias="STORAGE_URL")
    openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")
    openai_model: str = Field(default="gpt-4.1-mini", validation_alias="OPENAI_MODEL")
    stripe_secret_key: SecretStr = Field(
        default=SecretStr(""), validation_alias="STRIPE_SECRET_KEY"
    )
    stripe_webhook_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="STRIPE_WEBHOOK_SECRET"
    )
    cron_secret: SecretStr = Field(default=SecretStr(""), validation_alias="CRON_SECRET")
    metrics_token: SecretStr = Field(
        default=SecretStr(""), validation_alias="INGESTIO_METRICS_TOKEN"
    )
    smtp_url: SecretStr = Field(default=SecretStr(""), validation_alias="SMTP_URL")
    clamd_url: str = Field(default="", validation_alias="CLAMD_URL")

    @property
    def origin(self) -> str:
        """The public address without a path: the only origin that may change anything."""
        url = urlsplit(self.public_url or f"http://localhost:{self.port}")
        return f"{url.scheme}://{url.netloc}"

    @property
    def is_https(self) -> bool:
        """Whether cookies are marked Secure."""
        return self.origin.startswith("https://")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it; demo accounts exist only then."""
        return self.host in LOCAL_HOSTS and urlsplit(self.origin).hostname in LOCAL_HOSTS

    @property
    def is_demo(self) -> bool:
        """Demo accounts and their buttons (Spec 9.4)."""
        return self.demo and self.is_local

    @property
    def database(self) -> str:
        """An SQLAlchemy URL; psycopg 3 for PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute() / 'ingestio.sqlite3'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def has_stripe(self) -> bool:
        """Whether Stripe is the truth of plans."""
        return bool(self.stripe_secret_key.get_secret_value())

    @property
    def new_account_plan(self) -> str:
        """The plan of a new account (Spec 3)."""
        return self.default_plan or ("starter" if self.has_stripe else "growth")
