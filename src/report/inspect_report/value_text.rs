//! Times, numbers and names as text of one line.

use pki::x509::{
    certificate::Certificate,
    escape::{escape_line, is_hidden, thousands},
    oid,
    san::{GeneralName, San},
    validity::date,
};
use time::{OffsetDateTime, UtcOffset};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `2027-11-22 03:00 UTC, in 364 days`.
pub(super) fn both_ways(moment: OffsetDateTime, now: OffsetDateTime) -> String {
    let distance = match (distance(moment, now), moment < now) {
        (distance, true) => format!("{distance} ago"),
        (distance, false) => format!("in {distance}"),
    };
    format!("{}, {distance}", minute(moment))
}

/// `2027-11-22 03:00 UTC`.
pub(super) fn minute(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    format!("{} {:02}:{:02} UTC", date(moment), moment.hour(), moment.minute())
}

/// `364 days`: the largest unit with at least two, rounded down.
pub(super) fn distance(moment: OffsetDateTime, now: OffsetDateTime) -> String {
    let seconds = (moment - now).whole_seconds().abs();
    let (count, unit) = match seconds {
        _ if seconds >= 2 * DAY => (seconds / DAY, "day"),
        _ if seconds >= 2 * HOUR => (seconds / HOUR, "hour"),
        _ if seconds >= 2 * MINUTE => (seconds / MINUTE, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// `1 certificate`, `2 certificates`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// The names of the key purposes; `None` where any is allowed.
pub(super) fn purposes(certificate: &Certificate) -> Option<Vec<&str>> {
    Some(certificate.purposes()?.iter().map(|oid| oid::purpose(oid)).collect())
}

/// A name with its kind; an A-label has its Unicode form behind it: `DNS:xn--… (bücher.example)`.
pub(super) fn name(name: &GeneralName) -> String {
    unicode(name).map_or_else(|| name.to_string(), |decoded| format!("{name} ({decoded})"))
}

/// The Unicode form of the A-labels of a host name, escaped; none where there are none, or where the
/// Unicode name is invalid or has hidden characters.
pub(super) fn unicode(name: &GeneralName) -> Option<String> {
    let host = match name.san()? {
        San::Dns(host) => host.as_str(),
        _ => return None,
    };
    let is_a_label = |label: &str| label.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("xn--"));
    if !host.split('.').any(is_a_label) {
        return None;
    }
    let (wildcard, bare) = host.strip_prefix("*.").map_or(("", host), |bare| ("*.", bare));
    let (decoded, valid) = idna::domain_to_unicode(bare);
    let shown = valid.is_ok() && decoded != bare && !decoded.chars().any(is_hidden);
    shown.then(|| escape_line(&format!("{wildcard}{decoded}")))
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 03:00 UTC);

    #[test]
    fn moments_are_told_both_ways() {
        let cases = [
            (Duration::days(365), "2027-11-22 03:00 UTC, in 365 days"),
            (Duration::days(365) - Duration::SECOND, "2027-11-22 02:59 UTC, in 364 days"),
            (Duration::days(2), "2026-11-24 03:00 UTC, in 2 days"),
            (Duration::hours(47), "2026-11-24 02:00 UTC, in 47 hours"),
            (Duration::minutes(119), "2026-11-22 04:59 UTC, in 119 minutes"),
            (Duration::SECOND, "2026-11-22 03:00 UTC, in 1 second"),
            (Duration::ZERO, "2026-11-22 03:00 UTC, in 0 seconds"),
            (Duration::days(-3), "2026-11-19 03:00 UTC, 3 days ago"),
        ];
        for (after, expected) in cases {
            assert_eq!(both_ways(NOW + after, NOW), expected, "{after}");
        }
    }

    #[test]
    fn only_a_labels_that_hide_nothing_are_decoded() {
        let cases = [
            ("xn--bcher-kva.example", Some("bücher.example")),
            ("*.xn--bcher-kva.example", Some("*.bücher.example")),
            ("bucher.example", None),
            ("xn--a.example", None),
            ("a.xn--zzzzzzz9999999zz.example", None),
        ];
        for (host, expected) in cases {
            let value = pki::x509::der::sequence(&[[
                &[0x82, u8::try_from(host.len()).unwrap()],
                host.as_bytes(),
            ]
            .concat()]);
            let names = pki::x509::san::parse_general_names(&value).unwrap();
            assert_eq!(unicode(&names[0]).as_deref(), expected, "{host}");
        }
    }
}
