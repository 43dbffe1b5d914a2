"""One run of Schemathesis against a server, by all its phases, and what came of it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import schemathesis
from attrs import field, frozen
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext

Excused = Callable[[Mapping[str, Any]], bool]
"""Whether a refusal of that envelope is right though no schema forbids what was sent."""

ENDED_AND_KEPT = re.compile(
    r"/(partner|options/user)/subscriptions/|/admin/partner-api-keys/|/admin/marketplace/templates/"
)
"""Paths whose DELETE ends what is there and keeps it to be read: cancelled, or revoked."""

PHASES = ("examples", "coverage", "fuzzing", "stateful")

_SHOWN_CHARS = 1500


@frozen(kw_only=True)
class Plan:
    """Whom a run plays, and how long.

    `words` are texts that fields and parameters of those names (as Schemathesis spells them: `body.basket_id`) often
    take. `examples` is how many requests each operation gets when fuzzed, and how many sequences there are of several.
    Without a `seed` every run is another. `only` names one operation to ask.
    """

    tag: str
    headers: Mapping[str, str]
    words: Mapping[str, Iterable[object]]
    examples: int
    seed: int | None
    only: str | None

    def config(self) -> SchemathesisConfig:
        """As Schemathesis reads it. What fails is told as it is found, without a search for a simpler case."""
        document: dict[str, Any] = {
            "headers": dict(self.headers),
            "continue-on-failure": True,
            "dictionaries": {name.replace(".", "-"): {"values": [*words]} for name, words in self.words.items()},
            "parameters": {name: {"dictionary": name.replace(".", "-"), "probability": 0.7} for name in self.words},
            "generation": {
                "max-examples": self.examples,
                "deterministic": self.seed is not None,
                "no-shrink": True,
                "database": "none",
            },
        }
        if self.seed is not None:
            document["seed"] = self.seed
        return SchemathesisConfig.from_dict(document)


@frozen
class Outcome:
    """What was asked and answered. `problems` has one text for each kind of failure of each operation."""

    phases: Mapping[str, str]
    """The status each phase ended with."""
    cases: Counter[str] = field(factory=Counter)
    """How many requests each phase made."""
    statuses: Counter[tuple[str, int]] = field(factory=Counter)
    """How often an operation was answered so."""
    steps: Counter[str] = field(factory=Counter)
    """How often a sequence went on to an operation."""
    problems: Mapping[tuple[str, ...], str] = field(factory=dict)


def run(url: str, plan: Plan, excused: Excused) -> Outcome:
    """Play the plan against the server there."""
    loaded = schemathesis.openapi.from_url(f"{url}/openapi.json", config=plan.config())

    @loaded.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
        return not _is_right(failure, case, response, excused)

    phases: dict[str, str] = {}
    problems: dict[tuple[str, ...], str] = {}
    outcome = Outcome(phases, problems=problems)
    chosen = loaded.include(tag=plan.tag) if plan.only is None else loaded.include(operation_id=plan.only)
    for event in from_schema(chosen).execute():
        match event:
            case events.ScenarioFinished():
                _note(event.phase.value, event.recorder, outcome, problems)
            case events.PhaseFinished() if event.phase.name.value in PHASES:
                phases[event.phase.name.value] = event.status.value
            case events.SchemaAnalysisWarnings():
                problems |= {("the document", str(each)): "" for each in event.warnings}
            case events.NonFatalError():
                problems["an error", event.label, repr(event.value)[:_SHOWN_CHARS]] = ""
            case events.FatalError():
                raise event.exception
    return outcome


def _is_right(failure: Failure, case: "Case[Any]", response: Response, excused: Excused) -> bool:
    """Whether what was found is as it should be, for a reason that the document cannot say."""
    if failure.title == "Deleted resource still available":
        return ENDED_AND_KEPT.match(case.operation.path) is not None
    is_refusal = failure.title == "Schema-valid request rejected" and response.status_code == 400
    return is_refusal and excused(json.loads(response.content))


def _note(phase: str, recorder: ScenarioRecorder, outcome: Outcome, problems: dict[tuple[str, ...], str]) -> None:
    outcome.cases[phase] += len(recorder.interactions)
    for case_id, interaction in recorder.interactions.items():
        node = recorder.cases.get(case_id)
        if node is None or interaction.response is None:
            continue
        name = node.value.operation.definition.raw["operationId"]
        outcome.statuses[name, interaction.response.status_code] += 1
        outcome.steps[name] += node.is_transition_applied
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info.failure
                label = recorder.cases[case_id].value.operation.label
                problems.setdefault(
                    (label, check.name, failure.title), _shown(check.failure_info, recorder.interactions.get(case_id))
                )


def _shown(info: Any, interaction: Any) -> str:
    response = None if interaction is None else interaction.response
    answer = "" if response is None else f"{response.status_code} {response.content[:_SHOWN_CHARS]!r}"
    return "\n".join(part[:_SHOWN_CHARS] for part in (info.failure.message, info.code_sample, answer))
