// The other documents in an export.zip, which must not be mistaken for export.xml.

export const CLINICAL_DOCUMENT = `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <realmCode code="US"/>
 <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <code code="34109-9" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC" displayName="Note"/>
 <title>Health Data Export</title>
 <effectiveTime value="20250616101254+0200"/>
</ClinicalDocument>
`;

export const ROUTE = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Apple Health Export" xmlns="http://www.topografix.com/GPX/1/1">
  <metadata><time>2025-06-16T08:12:54Z</time></metadata>
  <trk>
    <name>Route 2025-06-14 6:05pm</name>
    <trkseg>
      <trkpt lon="13.377704" lat="52.516275"><ele>34.912</ele><time>2025-06-14T16:05:11Z</time></trkpt>
      <trkpt lon="13.377731" lat="52.516301"><ele>34.905</ele><time>2025-06-14T16:05:12Z</time></trkpt>
    </trkseg>
  </trk>
</gpx>
`;
