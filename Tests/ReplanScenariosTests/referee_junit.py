"""Reads a JUnit report with Python's XML parser and prints it as JSON.

What junit-10.xsd allows is checked here: elements, attributes, and counts that agree.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree

ALLOWED = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "disabled"},
    "testsuite": {
        "name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname", "id",
        "package",
    },
    "testcase": {"name", "assertions", "time", "classname", "status"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"message"},
    "system-out": set(),
}
INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}


def check(element):
    assert element.tag in ALLOWED, element.tag
    assert set(element.attrib) <= ALLOWED[element.tag], element.attrib
    for child in element:
        assert child.tag in INSIDE.get(element.tag, set()), (element.tag, child.tag)
        check(child)


root = ElementTree.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites"
check(root)
suite = root[0]
cases = suite.findall("testcase")
assert int(suite.get("tests")) == len(cases)
for attribute, tag in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
    assert int(suite.get(attribute)) == sum(case.find(tag) is not None for case in cases), attribute
for case in cases:
    float(case.get("time"))
    assert case.get("name") and case.get("classname")


def found(case, tag):
    return [
        {"message": e.get("message"), "type": e.get("type"), "text": e.text or ""}
        for e in case.findall(tag)
    ]


json.dump(
    [
        {
            "name": case.get("name"),
            "failures": found(case, "failure"),
            "errors": found(case, "error"),
            "skipped": found(case, "skipped"),
            "output": case.findtext("system-out"),
        }
        for case in cases
    ],
    sys.stdout,
)
