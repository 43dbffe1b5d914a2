"""An import-linter contract: some modules, and all third-party packages, are imported only where an arrow says so."""

import sys
from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyAsListed(Contract):
    """`allowed` holds arrows `importer -> imported` of dotted names, in which `*` stands for any text.

    What is on the right of an arrow may be imported only by what is on the left of one that leads to it. A package
    outside the standard library that no arrow leads to may not be imported at all. Imports of imports do not count.
    """

    type_name = "only_as_listed"

    allowed: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment] # parsed into the set

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Every import of the graph against the arrows."""
        arrows = [tuple(side.strip() for side in arrow.split("->")) for arrow in self.allowed]
        broken = []
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                leading = [left for left, right in arrows if fnmatchcase(imported, right)]
                bound = bool(leading) or _is_third_party(graph, imported)
                if bound and not any(fnmatchcase(importer, left) for left in leading):
                    broken.append(f"{importer} -> {imported}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import that no arrow allows."""
        for line in check.metadata["broken"]:
            output.print_error(f"No arrow allows {line}")


def _is_third_party(graph: ImportGraph, module: str) -> bool:
    return graph.is_module_squashed(module) and module.partition(".")[0] not in sys.stdlib_module_names
