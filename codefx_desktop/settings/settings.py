"""The typed settings: one class, one place, environment names of old kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.settings.paths import AppPaths, app_paths
from codefx_desktop.settings.push_settings import SECRET_VARIABLES, PushSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SQLITE_PREFIX = "sqlite:///"

VideoEncoder = Literal[
    "auto",
    "libx264",
    "h264_nvenc",
    "h264_qsv",
    "h264_videotoolbox",
    "h264_vaapi",
    "h264_amf",
]


class Settings(PushSettings, BaseSettings):
    """Everything that can be configured.

    ``validation_alias`` is the environment name; the settings file uses the field's name.
    """

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # a secret may have got into the wrong variable
    )

    yolo_weights_path: Annotated[
        Path | None,
        Field(
            validation_alias="PITSTOP_YOLO_WEIGHTS_PATH",
            title="Detector weights",
            description="Weights used when a job names none.",
        ),
    ] = None
    segment_weights_path: Annotated[
        Path | None,
        Field(
            validation_alias="CODEFX_SEG_WEIGHTS_PATH",
            title="Segmentation weights",
            description="Segmentation weights used when a job names none.",
        ),
    ] = None
    yolo_threshold: Annotated[
        float,
        Field(
            ge=0.0,
            le=1.0,
            validation_alias="PITSTOP_YOLO_THRESHOLD",
            title="Confidence",
            description="Detections below this are stored but not drawn, exported or counted.",
        ),
    ] = 0.5
    iou_threshold: Annotated[
        float,
        Field(
            ge=0.0,
            le=1.0,
            validation_alias="PITSTOP_IOU_THRESHOLD",
            title="NMS IoU",
            description="Boxes of one class that overlap more than this are one object.",
        ),
    ] = 0.5
    max_file_size_mb: Annotated[
        int,
        Field(
            ge=1,
            validation_alias="MAX_FILE_SIZE_MB",
            title="Largest clip (MB)",
            description="Larger files are refused.",
        ),
    ] = 5120
    database_url: Annotated[
        str | None,
        Field(
            validation_alias="DATABASE_URL",
            title="History database",
            description="A sqlite:/// path; by default history.sqlite in the data folder.",
        ),
    ] = None
    device: Annotated[
        str,
        Field(
            pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
            validation_alias="CODEFX_DEVICE",
            title="Device",
            description="auto, cpu, mps or cuda:N.",
        ),
    ] = "auto"
    video_encoder: Annotated[
        VideoEncoder,
        Field(
            validation_alias="CODEFX_ENCODER",
            title="Video encoder",
            description="auto takes a hardware encoder that passed its trial, else libx264.",
        ),
    ] = "auto"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(
            validation_alias="CODEFX_LOG_LEVEL",
            title="Log level",
            description="What the log file keeps.",
        ),
    ] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _only_sqlite(cls, value: str | None) -> str | None:
        if value is not None and (
            not value.startswith(SQLITE_PREFIX)
            or value.removeprefix(SQLITE_PREFIX) in ("", ":memory:")
        ):
            raise ValueError(
                "the history is kept in SQLite; give a path like sqlite:///history.sqlite"
            )
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: given values > environment > settings file > defaults."""
        file = TomlConfigSettingsSource(settings_cls, app_paths().settings_file)
        _refuse_secrets(file.toml_data)
        return (init_settings, env_settings, file)

    def history_path(self, paths: AppPaths) -> Path:
        """Return where the history database is."""
        if self.database_url is None:
            return paths.history
        return Path(self.database_url.removeprefix(SQLITE_PREFIX)).expanduser()

    def temp_media(self, paths: AppPaths) -> Path:
        """Return the folder of the app's own copies of sources."""
        if self.temp_media_dir is None:
            return paths.data / "tmp_media"
        return self.temp_media_dir.expanduser().absolute()


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - one per field, checked by pydantic
    """Read the settings.

    Args:
        **given: Values from the command line, by field name; they win.

    Raises:
        SettingsError: If a value cannot be used; the message names the variable.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except (ValidationError, ValueError) as error:
        raise SettingsError(
            _sentence(error), hint="Correct or remove it and start again."
        ) from error


def environment_names() -> Mapping[str, str]:
    """Return the environment name of each setting, by field name."""
    return {name: str(field.validation_alias) for name, field in Settings.model_fields.items()}


def locked_fields() -> frozenset[str]:
    """Return the fields whose value the environment fixes."""
    return frozenset(name for name, env in environment_names().items() if os.environ.get(env))


def _refuse_secrets(values: Mapping[str, Any]) -> None:
    """Say no to secrets in the settings file, without telling them.

    Raises:
        SettingsError: If there is one.
    """
    for key in _keys(values):
        if "secret" in key.casefold() or "session_token" in key.casefold():
            raise SettingsError(
                f"{app_paths().settings_file} holds a secret ({key}); secrets are not read from "
                "there.",
                hint="Remove it, make a new secret, and enter that in the target settings "
                f"(codefx targets) or set {', '.join(SECRET_VARIABLES)} in the environment.",
            )


def _keys(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)


def _sentence(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"The settings file {app_paths().settings_file} cannot be read: {error}."
    names = environment_names()
    parts = []
    for item in error.errors():
        key = str(item["loc"][0]) if item["loc"] else "settings"
        parts.append(f"{names.get(key, key)}: {item['msg'].removeprefix('Value error, ')}")
    return "; ".join(parts) + "."
