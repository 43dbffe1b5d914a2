"""An application's attribute that is built when it is first read."""

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from quantleap.composition import Application

T = TypeVar("T")

_BUILDING = Lock()
"""The injector builds for one thread at a time."""


class UseCase(Generic[T]):
    """Names a class below `quantleap` as `module.Class`, and gives the application's one instance of it.

    Its module is imported with the first reading; from then on it is an attribute like any other.
    """

    def __init__(self, spelled: str) -> None:
        self._module, _, self._class = spelled.rpartition(".")
        self._name = ""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @property
    def kind(self) -> type[T]:
        """The class. Imports it."""
        found: type[T] = getattr(import_module(f"quantleap.{self._module}"), self._class)
        return found

    @overload
    def __get__(self, app: None, _: Any) -> "UseCase[T]": ...
    @overload
    def __get__(self, app: "Application", _: Any) -> T: ...
    def __get__(self, app: "Application | None", _: Any) -> "T | UseCase[T]":
        if app is None:
            return self
        with _BUILDING:
            built: T = app.__dict__.setdefault(self._name, app._wiring.get(self.kind))  # noqa: SLF001 - its other half
        return built
