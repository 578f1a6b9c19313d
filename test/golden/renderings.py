"""Reads the six renderings of one report back, and says where they differ in content.

The JSON report is what the others are held against: codes, causes, confidence, titles, symbols, fixes in their order,
refuted advice. Each rendering is read by undoing what it does to text (wrapping, escaping, markup), and no further.
"""
import html
import html.parser
import json
import re
import urllib.parse

FORMATS = ("terminal", "markdown", "html", "sarif", "github")
ANNOTATIONS = 10  # GitHub shows no more of a kind


def squeezed(text):
    """Without white space, which wrapping moves, and without the quotes of code."""
    return re.sub(r"\s+|`", "", text)


class _Page(html.parser.HTMLParser):
    """The text that a page shows, and the diagnoses that its summary lists."""

    def __init__(self):
        super().__init__()
        self.text, self.listed, self._hidden, self._short = [], 0, 0, False

    def handle_starttag(self, tag, attributes):
        self._hidden += tag in ("style", "script", "title")
        self._short |= dict(attributes).get("class") == "short"
        self.listed += self._short and tag == "li"

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "script", "title")
        self._short &= tag != "div"

    def handle_data(self, data):
        if not self._hidden:
            self.text.append(data)


def of_markdown(text):
    """Markdown's escapes and entities undone, its emphasis and drawings left out."""
    text = re.sub(r"```mermaid\n.*?```", "", text, flags=re.S)
    text = re.sub(r"</?code>|\*\*", "", text)
    return html.unescape(re.sub(r"\\([\\`*_\[\]~$#+.)=-])", r"\1", text))


def of_html(text):
    """The text of a page."""
    page = _Page()
    page.feed(text)
    return "".join(page.text)


def _of_github(text):
    return urllib.parse.unquote(text)


def _of_sarif(text):
    results = json.loads(text)["runs"][0]["results"]
    return "\n".join(result["ruleId"] + ": " + result["message"]["text"] for result in results)


def read_back(outputs):
    """For each rendering: its text squeezed, and how many diagnoses it holds."""
    page = _Page()
    page.feed(outputs["html"])
    sarif = json.loads(outputs["sarif"])["runs"][0]["results"]
    return {
        "terminal": (squeezed(outputs["terminal"]), len(re.findall(r"^(?:error|warning)\[LDX\d+\]:", outputs["terminal"], re.M))),
        "markdown": (squeezed(of_markdown(outputs["markdown"])), len(re.findall(r"Cause `[a-z-]+`, \*\*", outputs["markdown"]))),
        "html": (squeezed("".join(page.text)), page.listed),
        "sarif": (squeezed(_of_sarif(outputs["sarif"])), len(sarif)),
        "github": (squeezed(_of_github(outputs["github"])), len(re.findall(r"^::(?:error|warning|notice) ", outputs["github"], re.M))),
    }


# How each rendering says a cause and its confidence.
_CAUSE = {"terminal": "=cause:{}({}:", "markdown": "Cause{},{}:", "html": "Cause{},{}:", "sarif": "Cause:{}({}:", "github": "Cause:{}({}:"}


def _missing_symbols(names, text):
    """The symbols that are neither named nor counted."""
    unnamed = [name for name in names if squeezed(name) not in text]
    if unnamed and f"and{len(unnamed)}more" in text:
        return []
    return unnamed


def _faults_of(diagnosis, name, text):
    code = diagnosis["code"]
    if code not in text:
        yield f"{name}: no {code}"
    if _CAUSE[name].format(diagnosis["cause"], diagnosis["confidence"]) not in text:
        yield f"{name}: {code}: does not say {diagnosis['cause']}, {diagnosis['confidence']}"
    if squeezed(diagnosis["title"]) not in text:
        yield f"{name}: {code}: no title {diagnosis['title']!r}"
    for symbol in _missing_symbols(diagnosis["symbols"], text):
        yield f"{name}: {code}: no symbol {symbol!r}"
    for kind, field in (("fixes", "title"), ("refuted", "advice")):
        at = 0
        for one in diagnosis[kind]:
            found = text.find(squeezed(one[field]), at)
            if found < 0:
                yield f"{name}: {code}: {kind}: {one[field]!r} is not there, or not in its place"
            else:
                at = found + 1


def differences(outputs):
    """Where a rendering says less or other than the JSON report. `outputs`: texts by the names of the formats."""
    truth = json.loads(outputs["json"])
    faults = []
    for name, (text, count) in read_back(outputs).items():
        expected = len(truth["diagnoses"])
        if name == "github":
            expected = min(expected, ANNOTATIONS)
        if count != expected:
            faults.append(f"{name}: {count} diagnoses, and {expected} in JSON")
        for diagnosis in truth["diagnoses"][:ANNOTATIONS]:
            faults.extend(_faults_of(diagnosis, name, text))
    for diagnosis, result in zip(truth["diagnoses"], json.loads(outputs["sarif"])["runs"][0]["results"]):
        said = result["properties"]
        wanted = {"cause": diagnosis["cause"], "confidence": diagnosis["confidence"], "symbols": diagnosis["symbols"],
                  "fixes": [fix["title"] for fix in diagnosis["fixes"]],
                  "refuted": [refuted["advice"] for refuted in diagnosis["refuted"]]}
        if said != wanted or result["ruleId"] != diagnosis["code"]:
            faults.append(f"sarif: {diagnosis['code']}: properties are {said}")
    return faults


def _altered(report):
    """One change each to what is compared, to see that it is seen."""
    for field, value in (("code", "LDX9999"), ("cause", "other-cause"), ("confidence", "unsure"), ("title", "another title"),
                         ("symbols", ["another_symbol"]), ("fixes", [{"title": "another fix"}]),
                         ("refuted", [{"advice": "another advice"}])):
        changed = json.loads(report)
        changed["diagnoses"][0][field] = value
        yield field, json.dumps(changed)


def blind_spots(outputs):
    """The fields of a report whose change is seen in less than all renderings."""
    blind = []
    for field, report in _altered(outputs["json"]):
        seen = {fault.split(":")[0] for fault in differences({**outputs, "json": report})}
        blind += [f"a change of {field} is not seen in {name}" for name in FORMATS if name not in seen]
    return blind
