"""Holds the Chinese renderings of a report against what the English JSON report says.

Nothing that a machine or a shell reads may change with the language: codes, causes, symbols, commands, paths and quoted
lines of logs stand in both. And nothing that linkdx itself says may stay English: no sentence is left outside of code
and of what it quotes.
"""
import json
import re

import renderings

FORMATS = ("terminal", "markdown", "html")
READ_BY_PROGRAMS = ("json", "sarif", "github")

CONFIDENCE = {"certain": "确定", "likely": "很可能", "possible": "有可能"}
# How each rendering says a cause and its confidence.
_CAUSE = {"terminal": "=原因：{}（{}：", "markdown": "原因{}，{}：", "html": "原因{}，{}："}
_COUNT = {"terminal": r"^(?:错误|警告)\[LDX\d+\]：", "markdown": r"原因 `[a-z-]+`，\*\*"}

# A run of five words, of which one is of those that make a sentence of names.
_WORDS = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[,;:]? +){4,}[A-Za-z][A-Za-z'’-]*")
_GRAMMAR = {"the", "a", "an", "is", "are", "was", "were", "be", "of", "to", "and", "or", "that", "which", "not", "no", "it", "its",
            "in", "on", "for", "by", "with", "from", "has", "have", "than", "this", "what", "cannot", "does", "as", "at"}


def english_sentences(text, quoted):
    """Runs of English in running text that are not in what was quoted."""
    text = re.sub(r"`[^`]*`", "`", re.sub(r"\s+", " ", text))
    quoted = re.sub(r"\s+", " ", quoted)
    for run in _WORDS.findall(text):
        words = {word.strip(",;:").lower() for word in run.split()}
        if words & _GRAMMAR and run not in quoted:
            yield run


def _running_text_of_terminal(text):
    """Without quoted lines, which stand behind a bar, and what is there to be copied, four columns from the margin."""
    return "\n".join(line for line in text.splitlines() if not re.match(r" *(?:\d+ )?\||    \S", line) or re.match(r"    \S*[^\x00-\x7f]", line))


def _running_text_of_markdown(text):
    text = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.S | re.M)
    text = re.sub(r"<code>.*?</code>", "`", text)
    return re.sub(r"(`+).+?\1", "`", re.sub(r"\\([\\`*_\[\]~$#+.)=-])", r"\1", text))


def _running_text_of_html(text):
    text = re.sub(r"<(style|script|pre|code|svg)\b.*?</\1>", " ", text, flags=re.S)
    return re.sub(r"<[^>]*>", " ", text)


def _running_text(name, text):
    return {"terminal": _running_text_of_terminal, "markdown": _running_text_of_markdown, "html": _running_text_of_html}[name](text)


def finds_no_english(markdown):
    """Whether the search is blind: it has to find the sentences of an English report."""
    return not any(english_sentences(_running_text("markdown", markdown), ""))


def _quoted(report):
    """What the report quotes: evidence, and names."""
    texts = [fact["text"] for diagnosis in report["diagnoses"] for fact in diagnosis["evidence"]]
    texts += [symbol["demangled"] or symbol["name"] for symbol in report["symbols"]]
    return " ".join(texts)


def differences(report, outputs, log=""):
    """Where the Chinese renderings in `outputs` say other than the English `report`, and what English they hold. `log`: all that
    was read as logs."""
    truth = json.loads(report)
    texts = {"terminal": renderings.squeezed(outputs["terminal"]), "markdown": renderings.squeezed(renderings.of_markdown(outputs["markdown"])),
             "html": renderings.squeezed(renderings.of_html(outputs["html"]))}
    faults = []
    for name, text in texts.items():
        if name in _COUNT and len(re.findall(_COUNT[name], outputs[name], re.M)) != len(truth["diagnoses"]):
            faults.append(f"{name}: not {len(truth['diagnoses'])} diagnoses")
        for diagnosis in truth["diagnoses"]:
            code = diagnosis["code"]
            if code not in text:
                faults.append(f"{name}: no {code}")
            if _CAUSE[name].format(diagnosis["cause"], CONFIDENCE[diagnosis["confidence"]]) not in text:
                faults.append(f"{name}: {code}: does not say {diagnosis['cause']}, {diagnosis['confidence']}")
            unnamed = [symbol for symbol in diagnosis["symbols"] if renderings.squeezed(symbol) not in text]
            if unnamed and f"另外{len(unnamed)}个" not in text:
                faults.append(f"{name}: {code}: no symbols {unnamed}")
            if name == "terminal":  # shows the first commands and pieces of evidence
                continue
            for fact in diagnosis["evidence"]:
                if renderings.squeezed(fact["path"] or "") not in text:
                    faults.append(f"{name}: {code}: no evidence in {fact['path']}")
            for fix in diagnosis["fixes"]:
                for snippet in fix["snippets"]:
                    if renderings.squeezed(snippet["text"]) not in text:
                        faults.append(f"{name}: {code}: no snippet {snippet['text']!r}")
        quoted = _quoted(truth) + log
        faults += [f"{name}: English: {run}" for run in english_sentences(_running_text(name, outputs[name]), quoted)]
    return faults
