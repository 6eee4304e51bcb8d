"""Europass in XML, JSON and inside a PDF: one career, however it is written down."""

from __future__ import annotations

import json

import pytest

from profiles.importers import formats
from profiles.importers.reading import Refused, source_of
from tests.profiles.resumes import files, texts

PASSPORT_XML = """<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="es">
 <LearnerInfo>
  <Identification>
   <PersonName><FirstName>Lucía</FirstName><Surname>Martínez Ortega</Surname></PersonName>
   <ContactInfo>
    <Address><Contact><AddressLine>Calle 5</AddressLine><PostalCode>28001</PostalCode>
     <Municipality>Madrid</Municipality><Country><Code>ES</Code><Label>España</Label></Country></Contact></Address>
    <Email><Contact>lucia@example.es</Contact></Email>
    <TelephoneList><Telephone><Contact>+34 600 000 000</Contact></Telephone></TelephoneList>
   </ContactInfo>
  </Identification>
  <Headline><Description><Label>Analista de datos</Label></Description></Headline>
  <WorkExperienceList>
   <WorkExperience>
    <Period><From year="2019" month="--03"/><Current>true</Current></Period>
    <Position><Label>Analista de datos</Label></Position>
    <Activities>&lt;p&gt;Gobierno de datos&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Linaje&lt;/li&gt;&lt;li&gt;Calidad&lt;/li&gt;&lt;/ul&gt;</Activities>
    <Employer><Name>Banco Sur</Name></Employer>
   </WorkExperience>
   <WorkExperience>
    <Period><From year="2015"/><To year="2018" month="--06" day="---15"/></Period>
    <Position><Label>Becaria</Label></Position>
    <Employer><Name>Tienda Norte</Name></Employer>
   </WorkExperience>
  </WorkExperienceList>
  <EducationList>
   <Education>
    <Period><From year="2011"/><To year="2015"/></Period>
    <Title>Grado en Matemáticas</Title><Organisation><Name>UCM</Name></Organisation>
   </Education>
  </EducationList>
  <Skills>
   <Linguistic>
    <MotherTongueList><MotherTongue><Description><Code>es</Code><Label>español</Label></Description></MotherTongue></MotherTongueList>
    <ForeignLanguageList><ForeignLanguage>
     <Description><Code>en</Code><Label>inglés</Label></Description>
     <ProficiencyLevel><Listening>C1</Listening><Reading>C2</Reading><SpokenInteraction>B2</SpokenInteraction>
      <SpokenProduction>B2</SpokenProduction><Writing>B1</Writing></ProficiencyLevel>
    </ForeignLanguage></ForeignLanguageList>
   </Linguistic>
   <Computer><Description>&lt;p&gt;SQL, Python&lt;/p&gt;</Description></Computer>
  </Skills>
 </LearnerInfo>
</SkillsPassport>"""  # noqa: E501

PASSPORT_JSON = {
    "SkillsPassport": {
        "LearnerInfo": {
            "Identification": {
                "PersonName": {"FirstName": "Lucía", "Surname": "Martínez Ortega"},
                "ContactInfo": {
                    "Address": {
                        "Contact": {
                            "AddressLine": "Calle 5",
                            "PostalCode": "28001",
                            "Municipality": "Madrid",
                            "Country": {"Code": "ES", "Label": "España"},
                        }
                    },
                    "Email": {"Contact": "lucia@example.es"},
                    "Telephone": [{"Contact": "+34 600 000 000"}],
                },
            },
            "Headline": {"Description": {"Label": "Analista de datos"}},
            "WorkExperience": [
                {
                    "Period": {"From": {"Year": 2019, "Month": 3}, "Current": True},
                    "Position": {"Label": "Analista de datos"},
                    "Activities": "<p>Gobierno de datos</p><ul><li>Linaje</li><li>Calidad</li></ul>",
                    "Employer": {"Name": "Banco Sur"},
                },
                {
                    "Period": {"From": {"Year": 2015}, "To": {"Year": 2018, "Month": 6, "Day": 15}},
                    "Position": {"Label": "Becaria"},
                    "Employer": {"Name": "Tienda Norte"},
                },
            ],
            "Education": [
                {
                    "Period": {"From": {"Year": 2011}, "To": {"Year": 2015}},
                    "Title": "Grado en Matemáticas",
                    "Organisation": {"Name": "UCM"},
                }
            ],
            "Skills": {
                "Linguistic": {
                    "MotherTongue": [{"Description": {"Code": "es", "Label": "español"}}],
                    "ForeignLanguage": [
                        {
                            "Description": {"Code": "en", "Label": "inglés"},
                            "ProficiencyLevel": {
                                "Listening": "C1",
                                "Reading": "C2",
                                "SpokenInteraction": "B2",
                                "SpokenProduction": "B2",
                                "Writing": "B1",
                            },
                        }
                    ],
                },
                "Computer": {"Description": "<p>SQL, Python</p>"},
            },
        }
    }
}

CANDIDATE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"
  xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3">
 <hr:DocumentID schemeName="DocumentIdentifier" schemeAgencyName="EUROPASS"/>
 <CandidatePerson>
  <PersonName><oa:GivenName>Lucía</oa:GivenName><hr:FamilyName>Martínez Ortega</hr:FamilyName></PersonName>
  <Communication><ChannelCode>Email</ChannelCode><oa:URI>lucia@example.es</oa:URI></Communication>
  <Communication><ChannelCode>Telephone</ChannelCode><CountryDialing>52</CountryDialing><oa:DialNumber>3312345678</oa:DialNumber></Communication>
  <Communication><UseCode>home</UseCode><Address><oa:CityName>Guadalajara</oa:CityName><CountryCode>mx</CountryCode></Address></Communication>
  <PrimaryLanguageCode>es</PrimaryLanguageCode>
 </CandidatePerson>
 <CandidateProfile languageCode="es">
  <ExecutiveSummary>&lt;p&gt;Analista con experiencia en el gobierno de los datos.&lt;/p&gt;</ExecutiveSummary>
  <EmploymentHistory>
   <EmployerHistory>
    <hr:OrganizationName>Banco Sur</hr:OrganizationName>
    <OrganizationContact><Communication><Address><oa:CityName>Madrid</oa:CityName></Address></Communication></OrganizationContact>
    <PositionHistory>
     <PositionTitle>Analista de datos</PositionTitle>
     <eures:EmploymentPeriod>
      <eures:StartDate><hr:FormattedDateTime>2019-03-01</hr:FormattedDateTime></eures:StartDate>
      <hr:CurrentIndicator>true</hr:CurrentIndicator>
     </eures:EmploymentPeriod>
     <oa:Description>&lt;p&gt;Gobierno de datos&lt;/p&gt;</oa:Description>
    </PositionHistory>
   </EmployerHistory>
  </EmploymentHistory>
  <EducationHistory><EducationOrganizationAttendance>
   <hr:OrganizationName>UCM</hr:OrganizationName>
   <AttendancePeriod><StartDate><hr:FormattedDateTime>2011</hr:FormattedDateTime></StartDate>
    <EndDate><hr:FormattedDateTime>2015</hr:FormattedDateTime></EndDate></AttendancePeriod>
   <EducationDegree><hr:DegreeName>Grado en Matemáticas</hr:DegreeName></EducationDegree>
  </EducationOrganizationAttendance></EducationHistory>
  <PersonQualifications>
   <PersonCompetency>
    <CompetencyID>eng</CompetencyID><hr:TaxonomyID>language</hr:TaxonomyID>
    <eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Understanding-Listening</hr:CompetencyDimensionTypeCode>
     <eures:Score><hr:ScoreText>C1</hr:ScoreText></eures:Score></eures:CompetencyDimension>
    <eures:CompetencyDimension><hr:CompetencyDimensionTypeCode>CEF-Speaking-Interaction</hr:CompetencyDimensionTypeCode>
     <eures:Score><hr:ScoreText>B2</hr:ScoreText></eures:Score></eures:CompetencyDimension>
   </PersonCompetency>
   <PersonCompetency><CompetencyID>SQL</CompetencyID><hr:TaxonomyID>other</hr:TaxonomyID></PersonCompetency>
  </PersonQualifications>
 </CandidateProfile>
</Candidate>"""


def test_the_xml_and_the_json_form_say_the_same():
    from_xml = formats.read(PASSPORT_XML.encode())
    from_json = formats.read(json.dumps(PASSPORT_JSON).encode())
    assert (from_xml.format, from_json.format) == ("europass_xml", "europass_json")
    assert from_xml.document == from_json.document


def test_a_skills_passport_is_read_in_all_its_parts():
    reading = formats.read(PASSPORT_XML.encode())
    document = reading.document
    assert document["basics"]["name"] == "Lucía Martínez Ortega"
    assert document["basics"]["location"] == {
        "address": "Calle 5",
        "postalCode": "28001",
        "city": "Madrid",
        "countryCode": "ES",
    }
    assert document["work"] == [
        {
            "name": "Banco Sur",
            "position": "Analista de datos",
            "startDate": "2019-03",
            "summary": "Gobierno de datos",
            "highlights": ["Linaje", "Calidad"],
        },
        {"name": "Tienda Norte", "position": "Becaria", "startDate": "2015", "endDate": "2018-06-15"},
    ]
    assert document["education"][0]["institution"] == "UCM"
    assert document["languages"][1] == {
        "language": "inglés",
        "fluency": "B2",
        "cefr": {"listening": "C1", "reading": "C2", "speaking": "B2", "writing": "B1"},
    }
    assert document["skills"] == [{"name": "SQL"}, {"name": "Python"}]
    assert source_of(reading.sources, "/work/1").pointer == "/SkillsPassport/LearnerInfo/WorkExperience/1"


def test_a_candidate_is_read_in_all_its_parts():
    document = formats.read(CANDIDATE.encode()).document
    assert document["basics"]["name"] == "Lucía Martínez Ortega"
    assert document["basics"]["phone"] == "+52 3312345678"
    assert document["basics"]["location"] == {"city": "Guadalajara", "countryCode": "MX"}
    assert document["basics"]["summary"] == "Analista con experiencia en el gobierno de los datos."
    assert document["work"] == [
        {
            "name": "Banco Sur",
            "position": "Analista de datos",
            "location": "Madrid",
            "startDate": "2019-03-01",
            "summary": "Gobierno de datos",
        }
    ]
    assert document["education"][0]["studyType"] == "Grado en Matemáticas"
    assert document["languages"] == [
        {"language": "es", "fluency": "native"},
        {"language": "eng", "fluency": "B2", "cefr": {"listening": "C1", "speaking": "B2"}},
    ]
    assert document["skills"] == [{"name": "SQL"}]


def test_the_candidate_inside_a_pdf_is_read_instead_of_its_pages():
    content = files.with_attachment(files.text_pdf(texts.ENGLISH), "attachment.xml", CANDIDATE.encode())
    reading = formats.read(content)
    assert (reading.format, reading.pages) == ("europass_xml", 1)
    assert reading.document["basics"]["name"] == "Lucía Martínez Ortega"


def test_a_hostile_attachment_is_passed_over_and_the_pages_are_read():
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><Candidate>&a;</Candidate>'
    reading = formats.read(files.with_attachment(files.text_pdf(texts.ENGLISH), "attachment.xml", bomb))
    assert (reading.format, reading.document["basics"]["name"]) == ("pdf", "John A. Smith")


@pytest.mark.parametrize(
    "learner",
    [None, [], "text", {"WorkExperience": 7}, {"WorkExperience": {"Period": "2019"}}, {"Skills": {"Linguistic": [1]}}],
)
def test_a_passport_of_odd_kinds_is_read_as_far_as_it_goes(learner):
    assert formats.read(json.dumps({"SkillsPassport": {"LearnerInfo": learner}}).encode()).format == "europass_json"


def test_a_candidate_without_anything_is_refused():
    with pytest.raises(Refused) as refusal:
        formats.read(b'<Candidate xmlns="http://www.europass.eu/1.0"/>')
    assert refusal.value.code == "unknown_format"
