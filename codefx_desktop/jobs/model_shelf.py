"""The models of this machine as plain blocking calls: list, look, add, get, remove.

The window's desk makes them on workers, the terminal in the foreground.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import (
    DownloadDamaged,
    NotWritable,
    SettingsError,
    WeightsError,
    WeightsInUse,
    WeightsMissing,
    WeightsUnusable,
)
from codefx_desktop.domain.models import (
    WEIGHTS_SUFFIX,
    Model,
    ModelKept,
    ModelList,
    ModelRole,
    ModelTask,
    StandardOffer,
)
from codefx_desktop.domain.ports import Download
from codefx_desktop.jobs.checked_copy import copy_checked
from codefx_desktop.jobs.known_weights import Known, KnownWeights
from codefx_desktop.jobs.model_folder import (
    ModelFolder,
    file_sha256,
    file_size,
    remove_file,
)
from codefx_desktop.jobs.model_places import Places, same_file
from codefx_desktop.jobs.model_uses import searching, uses_of
from codefx_desktop.jobs.standard_weights import find_standard, standard_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.models import StandardModel, Transfer, WeightsFacts
    from codefx_desktop.domain.ports import Downloads, VisionFactory
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.model_uses import JobPages
    from codefx_desktop.settings.paths import AppPaths
    from codefx_desktop.settings.settings import Settings

    Tell = Callable[[Transfer], None]

IN_THE_WAY: Final = "Rename or remove that file first."


class ModelShelf:
    """Answers what models there are, and changes the folder of a person's own. Blocks.

    Args:
        paths: The app's folders.
        settings: The settings.
        vision: Looks into weights files.
        downloads: Fetches standard models.
        history: The jobs.
        offers: The standard models; by default those of the list that is bundled.
    """

    def __init__(
        self,
        paths: AppPaths,
        settings: Settings,
        vision: VisionFactory,
        downloads: Downloads,
        history: JobPages,
        offers: tuple[StandardModel, ...] | None = None,
    ) -> None:
        self._vision = vision
        self._downloads = downloads
        self._history = history
        self._places = Places(paths, settings)
        self._known = KnownWeights(paths.cache)
        self._folder = ModelFolder(paths, self._known)
        self._offers = standard_models() if offers is None else offers

    @property
    def folder(self) -> Path:
        """Where added models go."""
        return self._folder.path

    # -- what there is ------------------------------------------------------------------------

    def survey(self) -> ModelList:
        """Return all models with what is known about them; loads no model library."""
        uses = uses_of(self._history)
        kept, roles = self._known.all(), self._places.roles()
        models = []
        for path, places in self._places.all(uses).items():
            known = self._known.find(path, kept) or Known(None)
            size, trouble = file_size(path), known.trouble
            if size is None:
                trouble = f"{path.name} is not there."
            taken_for = tuple(role for role, found in roles.items() if same_file(found, path))
            use = self._places.use(path, uses)
            models.append(Model(path, size or 0, places, taken_for, use, known.facts, trouble))
        models.sort(key=_order)
        offers = tuple(self._offer(one, models) for one in self._offers)
        return ModelList(tuple(models), offers, self._folder.path)

    def look(self, path: Path) -> WeightsFacts:
        """Look into a file, or remember what an earlier look told.

        Raises:
            WeightsMissing: If it is not there.
            WeightsUnusable: If it cannot be loaded safely or used.
        """
        if (known := self._known.find(path)) is not None:
            if known.facts is None:
                raise WeightsUnusable(known.trouble, path=path)
            return known.facts
        try:
            facts = self._vision.inspect(path)
        except WeightsUnusable as error:
            self._known.put(path, Known(None, str(error)))
            raise
        self._known.put(path, Known(facts))
        return facts

    def find(self, name: str) -> Model:
        """Return the model of a name, or at a path; looks into it if nobody has.

        Raises:
            WeightsMissing: If there is none.
        """
        models = self.survey().models
        wanted = Path(name).expanduser().absolute()
        names = (name.lower(), f"{name.lower()}{WEIGHTS_SUFFIX}")
        for model in models:
            if model.path == wanted or model.name.lower() in names:
                return self.looked_at(model)
        if wanted.is_file():
            return self.looked_at(Model(wanted, file_size(wanted) or 0, frozenset()))
        raise WeightsMissing(
            f"There is no model {name}.", hint="List the models to see their names.", path=wanted
        )

    def looked_at(self, model: Model) -> Model:
        """Return a model with what a look into it tells."""
        if model.is_known:
            return model
        facts, trouble = None, ""
        try:
            facts = self.look(model.path)
        except WeightsError as error:
            trouble = str(error)
        return Model(
            *(model.path, model.size_bytes, model.places, model.roles, model.use), facts, trouble
        )

    # -- what can be done ---------------------------------------------------------------------

    def add(self, source: Path, name: str, tell: Tell, cancel: CancelSignal) -> ModelKept:
        """Copy a file into the folder, whole, if jobs can use it.

        Args:
            source: From anywhere, such as a USB drive.
            name: Its new name; empty keeps its own.
            tell: Told how far the copy is.
            cancel: Ends it early.

        Raises:
            WeightsMissing: If it is not there.
            WeightsUnusable: If it cannot be loaded safely, or no job can use it.
            WeightsError: If the name cannot be a weights file's.
            AlreadyThere: If another file has the name; nothing is ever overwritten.
            OutputError: If it cannot be copied.
            Cancelled: If the signal was seen.
        """
        source = source.expanduser().absolute()
        facts = self.look(source)
        if facts.task is ModelTask.OTHER:
            raise WeightsUnusable(
                f"{source.name} is a model for another task ({facts.kind}), which no job can use.",
                hint="Choose detection or segmentation weights.",
                path=source,
            )
        return self._keep(source, name or source.name, facts, tell, cancel)

    def kept_as(self, size_bytes: int, sha256: str) -> ModelKept | None:
        """Return the file of the folder that has these very bytes, if there is one."""
        there = self._folder.same(size_bytes, sha256)
        return None if there is None else ModelKept(there, self.look(there), was_there=True)

    def require_free(self, name: str) -> None:
        """Refuse a name that another file has; see ``add``."""
        self._folder.free(name)

    def get(self, name: str, tell: Tell, cancel: CancelSignal) -> ModelKept:
        """Fetch a standard model from the network.

        Raises:
            SettingsError: If the list has none of this name.
            AlreadyThere: If another file has the name.
            DownloadError: If it cannot be fetched; what came is kept for the next time.
            OutputError: If it cannot be written.
            Cancelled: If the signal was seen.
        """
        model = self.standard(name)
        with self._folder.alone(model.name, f"Another program is fetching {model.name}.", wait_s=0):
            if (there := self._folder.same(model.size_bytes, model.sha256)) is not None:
                return ModelKept(there, self.look(there), was_there=True)
            target = self._folder.free(model.name, hint=IN_THE_WAY)
            wanted = Download(model.url, target, model.size_bytes, model.sha256)
            self._downloads.get(wanted, tell, cancel)
            return ModelKept(target, self.look(target))

    def get_from(self, name: str, place: Path, tell: Tell, cancel: CancelSignal) -> ModelKept:
        """Take a standard model from a file or a folder, such as a USB drive.

        Raises:
            SettingsError: If the list has none of this name.
            WeightsMissing: If it is not in the folder.
            DownloadDamaged: If the file is another one.
            AlreadyThere: If another file has the name.
            OutputError: If it cannot be copied.
            Cancelled: If the signal was seen.
        """
        model = self.standard(name)
        source = _file_in(place.expanduser().absolute(), model.name)
        if file_size(source) != model.size_bytes or file_sha256(source) != model.sha256:
            raise DownloadDamaged(
                f"{source} is not the {model.name} of the list: its size or SHA-256 is another "
                "one.",
                hint="If you trust it, add it as a file of its own.",
                path=source,
            )
        kept = self._keep(source, model.name, self.look(source), tell, cancel, hint=IN_THE_WAY)
        remove_file(_part(self._folder.path / model.name))  # of a download that is no longer needed
        return kept

    def discard(self, name: str) -> None:
        """Throw away what was fetched of a standard model.

        Raises:
            SettingsError: If the list has none of this name.
            NotWritable: If it cannot be removed.
        """
        model = self.standard(name)
        with self._folder.alone(model.name, f"{model.name} is being fetched.", wait_s=0):
            remove_file(_part(self._folder.path / model.name))

    def free_name(self, name: str) -> str:
        """Return a name that no model of the folder has."""
        return self._folder.free_name(name)

    def remove(self, path: Path) -> None:
        """Remove a file of the person's own folder.

        Raises:
            WeightsMissing: If it is not there.
            WeightsInUse: If waiting jobs name it, or will take it by themselves.
            NotWritable: If it is in another folder, or cannot be removed.
        """
        path = path.absolute()
        if path.parent != self._folder.path.absolute() or path.suffix.lower() != WEIGHTS_SUFFIX:
            raise NotWritable(f"{path} is not in the folder of your own models.", path=path)
        if not path.is_file():
            raise WeightsMissing(f"{path.name} is not there any more.", path=path)
        self._require_unused(path)
        remove_file(path)

    def standard(self, name: str) -> StandardModel:
        """Return the standard model of a name, with or without ``.pt``.

        Raises:
            SettingsError: If the list has none of this name.
        """
        if (found := find_standard(name, self._offers)) is not None:
            return found
        names = ", ".join(one.name for one in self._offers)
        raise SettingsError(f"There is no standard model {name}.", hint=f"There are {names}.")

    # -- inside -------------------------------------------------------------------------------

    def _keep(
        self,
        source: Path,
        name: str,
        facts: WeightsFacts,
        tell: Tell,
        cancel: CancelSignal,
        hint: str = "",
    ) -> ModelKept:
        with self._folder.alone("adding", "Another program is adding a model."):
            if (there := self._folder.same(facts.size_bytes, facts.sha256)) is not None:
                return ModelKept(there, facts, was_there=True)
            target = self._folder.free(name, hint)
            copy_checked(source, target, facts.sha256, tell, cancel)
        self._known.put(target, Known(facts))
        return ModelKept(target, facts)

    def _offer(self, model: StandardModel, models: list[Model]) -> StandardOffer:
        same = (one.path for one in models if one.facts and one.facts.sha256 == model.sha256)
        part = file_size(_part(self._folder.path / model.name)) or 0
        return StandardOffer(model, next(same, None), part)

    def _require_unused(self, path: Path) -> None:
        use = self._places.use(path, uses_of(self._history))
        count = use.waiting + sum(
            searching(self._history, role)
            for role, found in self._places.roles().items()
            if same_file(found, path)
        )
        if count:
            jobs = "1 waiting job needs" if count == 1 else f"{count} waiting jobs need"
            raise WeightsInUse(
                f"{jobs} {path.name}.", hint="Remove it when they are done.", path=path
            )


def _order(model: Model) -> tuple[bool, int, str, str]:
    """Sort what jobs take by themselves first and what is not there last."""
    first = min((list(ModelRole).index(role) for role in model.roles), default=len(ModelRole))
    return model.size_bytes == 0, first, model.name.casefold(), os.fspath(model.path)


def _file_in(place: Path, name: str) -> Path:
    """Return a standard model's file: the place itself, or in this folder or one of its folders.

    Raises:
        WeightsMissing: If it is not there.
    """
    if place.is_file():
        return place
    with suppress(OSError):
        for candidate in (place / name, *sorted(place.glob(f"*/{name}"))):
            if candidate.is_file():
                return candidate
    raise WeightsMissing(
        f"There is no {name} in {place}.",
        hint="Name the file, or the folder it lies in.",
        path=place,
    )


def _part(target: Path) -> Path:
    return Download("", target, 0, "").part
