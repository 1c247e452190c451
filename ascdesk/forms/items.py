"""Reads one raw Questionnaire item into a node; reports what cannot be used, notes what has no effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ascdesk.forms import urls
from ascdesk.forms.answers import read_answer, read_value
from ascdesk.forms.extensions import extensions_of, part_of, translations_of
from ascdesk.forms.fhirpath.operators import order
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.model import QUESTION_KEYS, Answer, Json, Node, Option
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.report import Report
from ascdesk.forms.valuesets import contained_options, listed_options

_KNOWN = frozenset(
    {
        *("linkId", "text", "_text", "type", "item", "extension", "prefix", "_prefix", "code", "id"),
        *("enableWhen", "enableBehavior", "required", "repeats", "readOnly", "maxLength", "initial"),
        *("answerOption", "answerValueSet", "definition", "modifierExtension"),
    }
)
_LIMITED = frozenset({"integer", "decimal", "date", "dateTime", "time", "quantity"})
_WORDED = frozenset({"string", "text", "url", "open-choice", "choice", "boolean", "integer", "decimal"})
_STATED_PATTERN = re.compile(r"matches\('(.*)'\)", re.DOTALL)


@dataclass(slots=True)
class Expressive:
    """The expressions and constraints that an item (or the form) carries, still to be compiled."""

    enable_when: object = None
    calculated: object = None
    initial: object = None
    variables: list[tuple[str, str]] = field(default_factory=list)
    constraints: list[tuple[str, str, str, object]] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A node while it is being read."""

    node: Node
    expressive: Expressive


class ItemReader:
    """Reads items of one form."""

    def __init__(self, form: Json, report: Report) -> None:
        self._form = form
        self._report = report
        self._populated: set[str] = set()

    @property
    def populated(self) -> frozenset[str]:
        """Return the names that only a server could fill, met so far."""
        return frozenset(self._populated)

    def read(self, raw: Json, index: int, parent: int, groups: tuple[int, ...]) -> Draft:
        """Return a raw item read; `groups` are the repeating groups around it, itself included."""
        link_id = str(raw.get("linkId") or "")
        kind = str(raw.get("type") or "")
        fields: dict[str, Any] = {
            "text": raw.get("text") if isinstance(raw.get("text"), str) else "",
            "prefix": raw.get("prefix") if isinstance(raw.get("prefix"), str) else "",
            "translations": translations_of(raw.get("_text")),
            "codes": tuple(_objects(raw.get("code"))),
        }
        self._check_elements(link_id, raw)
        for name, element in (("required", "required"), ("repeats", "repeats"), ("read_only", "readOnly")):
            fields[name] = self._flag(link_id, element, raw)
        keys = QUESTION_KEYS.get(kind, ())
        fields["options"], fields["keys"] = self._options(link_id, kind, raw, keys)
        fields["scores"] = _scores(fields["options"])
        expressive = self.extensions(link_id, raw, fields)
        fields["calculated"] = expressive.calculated is not None
        fields["conditional"] = bool(raw.get("enableWhen")) or expressive.enable_when is not None
        self._constraints_of_value(link_id, raw, fields)
        fields = {name: value for name, value in fields.items() if value is not None}
        node = Node(index=index, link_id=link_id, type=kind, parent=parent, groups=groups, **fields)
        node = self._initial(node, raw)
        self._check_limits(node)
        self._check_shape(node, raw)
        return Draft(node, expressive)

    def _check_elements(self, link_id: str, raw: Json) -> None:
        if raw.get("modifierExtension"):
            self._report.problem(link_id, "modifierExtension", "a modifier that is not known here")
        for name in raw:
            if name == "definition":
                self._report.note(link_id, name, "definitions are not looked up")
            elif name not in _KNOWN and not name.startswith("_"):
                self._report.note(link_id, name, "this element is not known and was ignored")

    def _flag(self, link_id: str, element: str, raw: Json) -> bool:
        value = raw.get(element, False)
        if not isinstance(value, bool):
            self._report.problem(link_id, element, "must be true or false")
        return value is True

    def _options(
        self, link_id: str, kind: str, raw: Json, keys: tuple[str, ...]
    ) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        listed, value_set = raw.get("answerOption"), raw.get("answerValueSet")
        if listed is None and value_set is None:
            return (), keys
        if kind not in ("choice", "open-choice"):
            element = "answerOption" if listed is not None else "answerValueSet"
            self._report.problem(link_id, element, f"only choices have options; this item is a {kind}")
            return (), keys
        if listed is not None and value_set is not None:
            self._report.problem(
                link_id, "answerValueSet", "a choice has answerOption or answerValueSet, not both"
            )
        if listed is not None:
            options = listed_options(link_id, listed, self._report)
            return options, tuple(dict.fromkeys((*keys, *(next(iter(each.value)) for each in options))))
        found = contained_options(self._form, value_set) if isinstance(value_set, str) else None
        if found is None:
            message = f"the value set {value_set} is not in the form; any words are taken"
            self._report.note(link_id, "answerValueSet", message)
            return (), tuple(dict.fromkeys((*keys, "valueString")))
        return found, keys

    def extensions(self, link_id: str, raw: Json, fields: dict[str, Any]) -> Expressive:
        """Read the extensions of an item or of the form, filling `fields`; return what is to be compiled."""
        found = Expressive()
        ours: dict[str, Any] = {}
        for url, key, value in extensions_of(raw):
            name = _element(url)
            if url in urls.PLAIN:
                self._plain(link_id, url, key, value, fields)
            elif url.startswith(urls.OURS):
                ours[name] = value
            elif url in _EXPRESSIVE:
                _EXPRESSIVE[url](self, link_id, value, found)
            elif url in urls.REFUSED:
                self._report.problem(link_id, name, urls.REFUSED[url])
            elif url in urls.POPULATION:
                self._population(link_id, name, value)
            else:
                self._report.note(link_id, name, f"the extension {url or 'without a url'} was ignored")
        fields["ours"] = ours
        self._note_texts(link_id, raw)
        return found

    def _note_texts(self, link_id: str, raw: Json) -> None:
        for element in ("_text", "_title", "_prefix"):
            for url, _, _ in extensions_of(raw.get(element)):
                if url != urls.TRANSLATION:
                    self._report.note(link_id, element, f"the extension {url} was ignored")

    def _plain(self, link_id: str, url: str, key: str, value: Any, fields: dict[str, Any]) -> None:  # noqa: ANN401
        name, kinds = urls.PLAIN[url]
        element = _element(url)
        if kinds and key not in kinds:
            self._report.problem(link_id, element, f"the extension takes {' or '.join(kinds)}, not {key}")
            return
        if not kinds:
            try:
                _, found = read_value(key, value)
            except WrongAnswer as trouble:
                self._report.problem(link_id, element, trouble.sentence.rstrip("."))
                return
            fields[name] = found
        elif not _right_shape(key, value):
            self._report.problem(link_id, element, f"this is not a usable {key}")
        elif name in urls.MANY:
            fields[name] = (*fields.get(name, ()), value)
        elif key == "valueCodeableConcept":
            fields[name] = _first_code(value)
            if name == "control" and fields[name] not in urls.SHOWN:
                message = f"“{fields[name]}” is not known here, so it is shown as any other of its kind"
                self._report.note(link_id, element, message)
        else:
            fields[name] = value

    def _population(self, link_id: str, name: str, value: Any) -> None:  # noqa: ANN401
        self._report.note(link_id, name, "nothing is filled in from a server here")
        if isinstance(value, dict):
            context = part_of(value, "name")
            code = context.get("code") if isinstance(context, dict) else context
            self._populated |= {each for each in (code, value.get("name")) if isinstance(each, str)}

    def _variable(self, link_id: str, value: Any, found: Expressive) -> None:  # noqa: ANN401
        name = value.get("name") if isinstance(value, dict) else None
        if not isinstance(name, str) or not name:
            self._report.problem(link_id, "variable", "a variable needs a name")
        elif value.get("language") == "application/x-fhir-query":
            self._report.note(link_id, "variable", f"%{name} asks a server and is empty here")
            self._populated.add(name)
        else:
            text = self._text(link_id, f"variable {name}", value)
            if text is not None:
                found.variables.append((name, text))

    def _text(self, link_id: str, element: str, value: Any) -> str | None:  # noqa: ANN401
        """Return the FHIRPath of an Expression, reporting one in another language."""
        if not isinstance(value, dict) or not isinstance(value.get("expression"), str):
            self._report.problem(link_id, element, "the expression is missing")
            return None
        if value.get("language", "text/fhirpath") != "text/fhirpath":
            self._report.problem(link_id, element, f"expressions in {value['language']} are not supported")
            return None
        return str(value["expression"])

    def _enable_when(self, link_id: str, value: Any, found: Expressive) -> None:  # noqa: ANN401
        found.enable_when = self._text(link_id, "enableWhenExpression", value)

    def _calculated(self, link_id: str, value: Any, found: Expressive) -> None:  # noqa: ANN401
        if found.calculated is not None:
            self._report.problem(link_id, "calculatedExpression", "an item has one calculation, not several")
        found.calculated = self._text(link_id, "calculatedExpression", value)

    def _initial_expression(self, link_id: str, value: Any, found: Expressive) -> None:  # noqa: ANN401
        found.initial = self._text(link_id, "initialExpression", value)

    def _constraint(self, link_id: str, value: Any, found: Expressive) -> None:  # noqa: ANN401
        expression = part_of(value, "expression")
        if isinstance(expression, dict):
            expression = self._text(link_id, "targetConstraint", expression)
        severity, human = part_of(value, "severity"), part_of(value, "human")
        if severity not in ("error", "warning"):
            self._report.problem(link_id, "targetConstraint", "the severity must be error or warning")
        key = str(part_of(value, "key") or f"constraint-{len(found.constraints) + 1}")
        words = str(human or "What is answered here breaks a rule of the form.")
        if expression is not None:
            found.constraints.append((key, str(severity), words, expression))
        else:
            self._report.problem(link_id, "targetConstraint", "the expression is missing")

    def _constraints_of_value(self, link_id: str, raw: Json, fields: dict[str, Any]) -> None:
        if "maxLength" in raw:
            length = raw["maxLength"]
            if isinstance(length, bool) or not isinstance(length, int) or length < 1:
                self._report.problem(link_id, "maxLength", "must be a whole number of 1 or more")
            elif str(raw.get("type")) in _WORDED:
                fields["max_length"] = length
            else:
                self._report.note(link_id, "maxLength", f"has no meaning for a {raw.get('type')}")
        if isinstance(fields.get("regex"), str):
            fields["regex"] = self._pattern(link_id, fields["regex"])
        if fields.get("max_size") is not None:
            fields["max_size"] = Decimal(fields["max_size"])

    def _pattern(self, link_id: str, text: str) -> re.Pattern[str] | None:
        stated = _STATED_PATTERN.fullmatch(text)
        if stated is not None:
            self._report.note(link_id, "regex", "matches('…') around the pattern was taken off")
            text = stated.group(1)
        try:
            return re.compile(text)
        except (re.error, OverflowError, RecursionError) as trouble:
            self._report.problem(link_id, "regex", f"the pattern cannot be read: {trouble}")
            return None

    def _initial(self, node: Node, raw: Json) -> Node:
        found: list[Answer] = [dict(option.value) for option in node.options if option.selected]
        initial = raw.get("initial")
        if initial is not None and not node.is_question:
            self._report.problem(node.link_id, "initial", f"a {node.type} has no answer to begin with")
            return node
        for position, each in enumerate(initial if isinstance(initial, list) else []):
            try:
                found.append(read_answer(node, each)[0])
            except WrongAnswer as trouble:
                element = f"initial[{position}]"
                self._report.problem(node.link_id, element, trouble.sentence.rstrip("."))
        if len(found) > 1 and not node.repeats:
            self._report.problem(
                node.link_id, "initial", "one answer is taken, and several are given to begin with"
            )
        return replace_node(node, initial=tuple(found)) if found else node

    def _check_limits(self, node: Node) -> None:
        for element, value in (("minValue", node.min_value), ("maxValue", node.max_value)):
            if value is not None and not self._fits(node, value):
                self._report.problem(node.link_id, element, f"this limit is not of the kind of a {node.type}")
                return
        pairs = (
            ("minValue", node.min_value, node.max_value, "the least value is above the greatest"),
            ("minOccurs", node.min_occurs, node.max_occurs, "the fewest answers are more than the most"),
            ("minLength", node.min_length, node.max_length, "the shortest answer is longer than the longest"),
        )
        for element, low, high, message in pairs:
            if low is not None and high is not None and _above(low, high):
                self._report.problem(node.link_id, element, message)
        if node.min_occurs > 1 and not node.repeats:
            self._report.problem(
                node.link_id, "minOccurs", "several answers are wanted of an item that does not repeat"
            )
        for element, count in (("minOccurs", node.min_occurs), ("maxDecimalPlaces", node.decimals)):
            if count is not None and count < 0:
                self._report.problem(node.link_id, element, "must be nought or more")
        if node.max_occurs is not None and node.max_occurs < 1:
            self._report.problem(node.link_id, "maxOccurs", "must be 1 or more")

    def _fits(self, node: Node, value: object) -> bool:
        if node.type not in _LIMITED:
            return False
        key = node.keys[0]
        try:
            read_value(key, value if isinstance(value, int | Decimal | dict) else str(value))
        except WrongAnswer:
            return node.type == "integer" and isinstance(value, Decimal) and value == int(value)
        return node.type != "integer" or isinstance(value, int)

    def _check_shape(self, node: Node, raw: Json) -> None:
        problem = self._report.problem
        if node.type not in ("group", "display", *QUESTION_KEYS):
            what = (
                "are not supported" if node.type in ("reference", "question") else "do not exist in FHIR R4"
            )
            problem(node.link_id, "type", f"items of the type {node.type or 'none'} {what}")
        if node.type == "display":
            for element in ("item", "required", "repeats", "readOnly", "enableBehavior"):
                if raw.get(element) and element != "enableBehavior":
                    problem(node.link_id, element, "a display only shows text")
        if node.type == "choice" and not node.options and "answerValueSet" not in raw:
            problem(node.link_id, "answerOption", "a choice needs options to choose from")
        if node.calculated and not node.is_question:
            problem(node.link_id, "calculatedExpression", f"a {node.type} has no answer to calculate")
        nested = _objects(raw.get("item"))
        asked = any(each.get("type") != "display" for each in nested)
        if node.is_question and node.repeats and asked:
            problem(
                node.link_id,
                "item",
                "items asked again for each answer are not supported; use a repeating group",
            )


def replace_node(node: Node, **fields: Any) -> Node:  # noqa: ANN401 fields of a node
    """Return a node with some fields replaced (dataclasses.replace is several times slower)."""
    values = {name: getattr(node, name) for name in Node.__slots__}
    return Node(**{**values, **fields})


def _objects(raw: object) -> list[Json]:
    return [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []


def _element(url: str) -> str:
    """Return the short name of an extension, as it is spoken of."""
    name = url.rsplit("/", 1)[-1]
    return name.removeprefix("sdc-").removeprefix("questionnaire-") or "extension"


def _scores(options: tuple[Option, ...]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for option in options:
        coding = option.value.get("valueCoding")
        if coding is not None and option.score is not None:
            found[str(coding.get("system", "")), str(coding.get("code", ""))] = option.score
    return found


def _right_shape(key: str, value: object) -> bool:
    if key == "valueInteger":
        return isinstance(value, int) and not isinstance(value, bool)
    if key == "valueDecimal":
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if key == "valueBoolean":
        return isinstance(value, bool)
    if key in ("valueCoding", "valueCodeableConcept"):
        return isinstance(value, dict)
    return isinstance(value, str)


def _first_code(concept: Json) -> str:
    codings = concept.get("coding")
    first = codings[0] if isinstance(codings, list) and codings else {}
    return str(first.get("code") or concept.get("text") or "") if isinstance(first, dict) else ""


def _above(low: Any, high: Any) -> bool:  # noqa: ANN401 any two comparable values
    try:
        found = order(low, high)
    except EvaluationError:
        return False
    return found is not None and found > 0


_EXPRESSIVE: dict[str, Callable[[ItemReader, str, Any, Expressive], None]] = {
    urls.VARIABLE: ItemReader._variable,
    urls.ENABLE_WHEN_EXPRESSION: ItemReader._enable_when,
    urls.CALCULATED_EXPRESSION: ItemReader._calculated,
    urls.INITIAL_EXPRESSION: ItemReader._initial_expression,
    urls.TARGET_CONSTRAINT: ItemReader._constraint,
    urls.QUESTIONNAIRE_CONSTRAINT: ItemReader._constraint,
}
