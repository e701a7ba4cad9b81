"""The profile that a job's plan comes from, without its widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.plan import BUILT_IN, PIT_STOP, Profile, check_profile_name
from codefx_desktop.settings.profiles import check_own_name
from codefx_desktop.ui.models.plan_form import in_effect

if TYPE_CHECKING:
    from codefx_desktop.domain.plan import StagePlan
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.models.plan_form import PlanForm

NOT_SAVED = "The profile could not be saved; the log says why."


class ProfileForm(QObject):
    """Which profile was chosen, and whether the switches still are as it has them.

    Args:
        hub: Keeps a person's own profiles.
        plan: The switches.
    """

    changed = Signal()

    def __init__(self, hub: Hub, plan: PlanForm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub, self._plan = hub, plan
        self.profiles: tuple[Profile, ...] = BUILT_IN
        self.chosen: Profile = PIT_STOP
        self.trouble = ""
        self._saving = ""
        hub.start_defaults.connect(self._on_defaults)
        plan.changed.connect(self.changed)

    def begin_from(self, own: tuple[Profile, ...], name: str, plan: StagePlan) -> None:
        """Start from the last job's plan and the name of the profile it came from."""
        self.profiles = (*BUILT_IN, *own)
        self.chosen = self._named(name) or self._like(plan)
        self._plan.load(plan)

    def choose(self, profile: Profile) -> None:
        """Take a profile's plan, whatever was changed before."""
        self.chosen, self.trouble = profile, ""
        self._plan.load(profile.plan)

    @property
    def is_changed(self) -> bool:
        """Whether the switches would do something else than the chosen profile."""
        try:
            return in_effect(self._plan.plan()) != in_effect(self.chosen.plan)
        except ValueError:
            return True

    @property
    def can_save(self) -> bool:
        """Whether the switches make a plan."""
        try:
            self._plan.plan()
        except ValueError:
            return False
        return True

    def name_trouble(self, name: str) -> str:
        """Return why an own profile cannot be called so; empty if it can."""
        try:
            check_profile_name(name)
            check_own_name(name)
        except ValueError as error:
            text = str(error)
            return f"{text[0].upper()}{text[1:]}."
        return ""

    def replaces(self, name: str) -> Profile | None:
        """Return the own profile that saving under this name would replace."""
        same = (one for one in self.profiles if one.name.casefold() == name.casefold())
        return next((one for one in same if one.is_own), None)

    def save(self, name: str) -> None:
        """Keep the switches as an own profile.

        Raises:
            ValueError: If they make no plan or the name cannot be used.
        """
        check_own_name(name)
        profile = Profile(name, name, self._plan.plan(), is_own=True)
        self._saving, self.trouble = name, ""
        self._hub.save_profile(profile)

    def delete(self) -> None:
        """Delete the chosen profile, if it is an own one; the switches stay as they are."""
        if self.chosen.is_own:
            self._hub.delete_profile(self.chosen.name)

    def _on_defaults(self, defaults: StartDefaults) -> None:
        self.profiles = (*BUILT_IN, *defaults.profiles)
        if self._saving:
            saved, self._saving = self._named(self._saving), ""
            self.trouble = "" if saved else NOT_SAVED
            self.chosen = saved or self.chosen
        self.chosen = self._named(self.chosen.name) or self._like(self.chosen.plan)
        self.changed.emit()

    def _named(self, name: str) -> Profile | None:
        same = (one for one in self.profiles if one.name.casefold() == name.casefold())
        return next(same, None)

    def _like(self, plan: StagePlan) -> Profile:
        """Return the profile that does the same, else the first one."""
        wanted = in_effect(plan)
        return next((one for one in self.profiles if in_effect(one.plan) == wanted), PIT_STOP)
