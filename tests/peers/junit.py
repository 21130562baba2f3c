#!/usr/bin/env python3
"""junit.py REPORT…: what GitLab and Jenkins make of JUnit reports, and what the common schema allows.

One line `ok REPORT TESTS FAILURES ERRORS` or `FAIL REPORT …` for each; exit 1 if any failed. Needs lxml
and junitparser.
"""
import sys

from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

# Of the schema that Jenkins publishes for its xUnit plugin, what `certctl check` writes.
SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:attributeGroup name="counts">
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
    <xs:attribute name="time" type="xs:decimal"/>
    <xs:attribute name="timestamp" type="xs:dateTime"/>
  </xs:attributeGroup>
  <xs:complexType name="outcome">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="message" type="xs:string"/>
        <xs:attribute name="type" type="xs:string"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>
  <xs:complexType name="case">
    <xs:sequence>
      <xs:choice minOccurs="0">
        <xs:element name="skipped" type="outcome"/>
        <xs:element name="error" type="outcome"/>
        <xs:element name="failure" type="outcome"/>
      </xs:choice>
      <xs:element name="system-out" type="xs:string" minOccurs="0"/>
      <xs:element name="system-err" type="xs:string" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="classname" type="xs:string" use="required"/>
    <xs:attribute name="file" type="xs:string"/>
    <xs:attribute name="time" type="xs:decimal"/>
  </xs:complexType>
  <xs:element name="testsuites">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="testcase" type="case" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
            <xs:attributeGroup ref="counts"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
      <xs:attributeGroup ref="counts"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""


def judge(report):
    """What is wrong with a report, and its numbers."""
    tree = etree.parse(report)
    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    if not schema.validate(tree):
        return str(schema.error_log.last_error), None

    read = JUnitXml.fromfile(report)
    cases = [(suite, case) for suite in read for case in suite]
    # GitLab tells cases apart by the three; of equal ones it keeps one.
    keys = [(suite.name, case.classname, case.name) for suite, case in cases]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        return f"equal cases: {twice[:3]}", None

    results = [result for _, case in cases for result in case.result]
    # GitLab shows the text, Jenkins the message, and the text as if it were a stack trace.
    # Of a skipped case both show the message.
    failed = [result for result in results if type(result) is not Skipped]
    silent = [result for result in failed if not (result.text and result.message)]
    if silent:
        return f"says nothing: {silent[0].tostring()}", None
    said = (read.tests, read.failures, read.errors)
    found = (
        len(cases),
        sum(any(type(result) is Failure for result in case.result) for _, case in cases),
        sum(any(type(result) is Error for result in case.result) for _, case in cases),
    )
    if said != found:
        return f"tests, failures, errors: says {said}, holds {found}", None
    read.update_statistics()
    if (read.tests, read.failures, read.errors) != said:
        return f"junitparser counts {(read.tests, read.failures, read.errors)}, not {said}", None
    return None, said


def main():
    failed = False
    for report in sys.argv[1:]:
        wrong, numbers = judge(report)
        failed |= wrong is not None
        print(f"FAIL {report} {wrong}" if wrong else f"ok {report} {' '.join(map(str, numbers))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
