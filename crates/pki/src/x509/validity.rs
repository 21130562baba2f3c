//! The validity of a certificate, and when a renewal is due.

use std::{fmt, str::FromStr};

use time::{Duration, OffsetDateTime};

/// Seconds in a day, as `--days` counts them: no leap seconds, no daylight saving.
const DAY: i64 = 86_400;

/// The last moment a certificate can name (RFC 5280 section 4.1.2.5): 9999-12-31 23:59:59 UTC.
const LAST: i64 = 253_402_300_799;

/// The maximum validity of server certificates of any CA on Apple platforms, in days.
pub const APPLE_DAYS: i64 = 825;

/// How far notBefore of a new certificate is in the past, as clocks differ: five minutes.
pub const BACKDATE: Duration = Duration::minutes(5);

/// From notBefore to notAfter, both included, in UTC and whole seconds (RFC 5280 section 4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first second.
    pub not_before: OffsetDateTime,
    /// The last second.
    pub not_after: OffsetDateTime,
}

impl Validity {
    /// The length from the first second to the last.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.not_after - self.not_before
    }

    /// Whether Apple platforms refuse it for a server certificate: longer than [`APPLE_DAYS`].
    #[must_use]
    pub fn over_apple_limit(&self) -> bool {
        self.length() > Duration::days(APPLE_DAYS)
    }
}

/// The validity of a new certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// From now, in days of 86,400 seconds.
    Days(u32),
    /// As long as that of the certificate to replace.
    Like(Duration),
}

/// Why a certificate cannot have that validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifetimeError {
    /// notAfter would be later than the year 9999 (RFC 5280 section 4.1.2.5).
    #[error("it would end after the year 9999, which no certificate can say")]
    PastTheLastYear,
    /// notAfter would be later than that of the CA.
    #[error("it would expire after its CA ({})", rfc3339(*.ca_ends))]
    OutlivesCa {
        /// The notAfter of the CA.
        ca_ends: OffsetDateTime,
        /// The whole days until then.
        days_left: i64,
    },
}

impl Lifetime {
    /// The validity of a certificate that is issued `now` by a CA with the validity `ca`; `None`
    /// for the CA itself.
    ///
    /// It begins [`BACKDATE`] before `now`, but not before the CA. For 825 days the five minutes
    /// are part of the 825 days, as Apple platforms refuse more.
    ///
    /// # Errors
    ///
    /// [`LifetimeError`] if notAfter would be too late.
    pub fn from(
        self,
        now: OffsetDateTime,
        ca: Option<&Validity>,
    ) -> Result<Validity, LifetimeError> {
        let begin = now - BACKDATE;
        let not_before = ca.map_or(begin, |ca| begin.max(ca.not_before));
        let end = match self {
            Self::Days(days) if i64::from(days) == APPLE_DAYS => {
                not_before.unix_timestamp() + i64::from(days) * DAY
            }
            Self::Days(days) => now.unix_timestamp() + i64::from(days) * DAY,
            Self::Like(length) => not_before.unix_timestamp() + length.whole_seconds(),
        };
        if end > LAST {
            return Err(LifetimeError::PastTheLastYear);
        }
        let not_after =
            OffsetDateTime::from_unix_timestamp(end).map_err(|_| LifetimeError::PastTheLastYear)?;
        match ca {
            Some(ca) if not_after > ca.not_after => Err(LifetimeError::OutlivesCa {
                ca_ends: ca.not_after,
                // So many days fit in an hour, too, when the user has read it.
                days_left: (ca.not_after - now - Duration::HOUR).whole_days(),
            }),
            _ => Ok(Validity { not_before, not_after }),
        }
    }
}

/// An expiry window: the time before notAfter in which a certificate is due. Text forms: `30d`,
/// `12h`, `2w`, `1y`, and `1/3` or `33%` of the validity.
///
/// A crontab converts `%` into a newline, hence the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryWindow {
    /// A time before notAfter.
    Time(Duration),
    /// The part of the validity that is left, in percent: 1 to 100.
    Percent(u8),
    /// The part of the validity that is left, as a proper fraction: `1/3`.
    Fraction(u32, u32),
}

impl ExpiryWindow {
    /// The same window without `%`.
    #[must_use]
    pub fn as_fraction(self) -> Self {
        match self {
            // Not a proper fraction, and longer than any certificate lives.
            Self::Percent(100) => Self::Time(Duration::seconds(LAST)),
            Self::Percent(percent) => Self::Fraction(percent.into(), 100),
            window => window,
        }
    }

    /// Whether at `now` the rest of `validity` is at most this window.
    #[must_use]
    pub fn reached(self, now: OffsetDateTime, validity: &Validity) -> bool {
        let left = (validity.not_after - now).whole_seconds();
        match self {
            Self::Time(window) => left <= window.whole_seconds(),
            Self::Percent(percent) => is_within(left, validity, (percent.into(), 100)),
            Self::Fraction(part, whole) => is_within(left, validity, (part, whole)),
        }
    }
}

/// Whether `left` seconds are at most that share of the lifetime.
fn is_within(left: i64, validity: &Validity, (part, whole): (u32, u32)) -> bool {
    i128::from(left) * i128::from(whole)
        <= i128::from(validity.length().whole_seconds()) * i128::from(part)
}

/// Why a text is not an [`ExpiryWindow`]. Each variant has the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// The unit could be minutes or months.
    #[error("`{0}` could mean minutes or months; write `30d`, `12h`, `2w` or `1y`")]
    Ambiguous(String),
    /// Not a number with a unit, nor a part of the validity.
    #[error(
        "`{0}` is not a duration; write `30d`, `12h`, `2w`, `1y`, or `1/3` for the share of the \
        lifetime that is left"
    )]
    Malformed(String),
    /// A percentage outside 1 to 100.
    #[error("`{0}` is not a share of a lifetime; write 1% to 100%")]
    Percent(String),
    /// Not a proper fraction.
    #[error("`{0}` is not a share of a lifetime; write a proper fraction, such as `1/3`")]
    Fraction(String),
    /// Longer than any validity.
    #[error("`{0}` is too long; a certificate cannot live that long")]
    TooLong(String),
}

impl FromStr for ExpiryWindow {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        let malformed = || WindowError::Malformed(text.to_owned());
        if let Some((part, whole)) = text.split_once('/') {
            if !is_number(part) || !is_number(whole) {
                return Err(malformed());
            }
            return match (part.parse(), whole.parse()) {
                (Ok(part), Ok(whole)) if 0 < part && part < whole => {
                    Ok(Self::Fraction(part, whole))
                }
                _ => Err(WindowError::Fraction(text.to_owned())),
            };
        }
        let unit = text.chars().next_back().ok_or_else(malformed)?;
        let digits = &text[..text.len() - unit.len_utf8()];
        if !is_number(digits) {
            return Err(malformed());
        }
        let number: u32 = digits.parse().map_err(|_| WindowError::TooLong(text.to_owned()))?;
        let seconds = match unit {
            'h' => 3_600,
            'd' => DAY,
            'w' => 7 * DAY,
            'y' => 365 * DAY,
            'm' => return Err(WindowError::Ambiguous(text.to_owned())),
            '%' => {
                return match u8::try_from(number) {
                    Ok(percent @ 1..=100) => Ok(Self::Percent(percent)),
                    _ => Err(WindowError::Percent(text.to_owned())),
                };
            }
            _ => return Err(malformed()),
        };
        let length = i64::from(number) * seconds;
        if length > LAST {
            return Err(WindowError::TooLong(text.to_owned()));
        }
        Ok(Self::Time(Duration::seconds(length)))
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for ExpiryWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) if time.whole_seconds() % DAY == 0 => {
                write!(f, "{}d", time.whole_days())
            }
            Self::Time(time) => write!(f, "{}h", time.whole_hours()),
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::Fraction(part, whole) => write!(f, "{part}/{whole}"),
        }
    }
}

/// A time in RFC 3339, UTC, whole seconds: `2036-11-19T00:00:00Z`.
#[must_use]
pub fn rfc3339(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(time::UtcOffset::UTC);
    format!("{}T{:02}:{:02}:{:02}Z", date(moment), moment.hour(), moment.minute(), moment.second())
}

/// The day of a time in UTC: `2036-11-19`.
#[must_use]
pub fn date(moment: OffsetDateTime) -> String {
    let day = moment.to_offset(time::UtcOffset::UTC).date();
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 03:00 UTC);

    fn ca(days: u32) -> Validity {
        Lifetime::Days(days).from(NOW, None).unwrap()
    }

    #[test]
    fn days_run_from_now_and_the_beginning_is_backdated_but_not_before_the_ca() {
        let leaf = Lifetime::Days(90).from(NOW, Some(&ca(3650))).unwrap();
        assert_eq!(leaf.not_before, NOW - BACKDATE);
        assert_eq!(leaf.not_after, NOW + Duration::days(90));

        let young = Validity { not_before: NOW - Duration::seconds(7), ..ca(3650) };
        let leaf = Lifetime::Days(90).from(NOW, Some(&young)).unwrap();
        assert_eq!(leaf.not_before, young.not_before);
    }

    #[test]
    fn a_leaf_may_end_with_its_ca_but_not_a_second_later() {
        let ca = ca(90);
        assert_eq!(Lifetime::Days(90).from(NOW, Some(&ca)).unwrap().not_after, ca.not_after);
        assert_eq!(
            Lifetime::Days(91).from(NOW, Some(&ca)),
            Err(LifetimeError::OutlivesCa { ca_ends: ca.not_after, days_left: 89 })
        );
        assert_eq!(
            Lifetime::Days(90).from(NOW + Duration::SECOND, Some(&ca)),
            Err(LifetimeError::OutlivesCa { ca_ends: ca.not_after, days_left: 89 })
        );
    }

    #[test]
    fn eight_hundred_and_twenty_five_days_stay_within_apples_limit() {
        for (days, over) in [(824, false), (825, false), (826, true)] {
            let validity = Lifetime::Days(days).from(NOW, None).unwrap();
            assert_eq!(validity.over_apple_limit(), over, "{days}");
        }
    }

    #[test]
    fn nothing_ends_after_the_year_9999() {
        assert_eq!(Lifetime::Days(u32::MAX).from(NOW, None), Err(LifetimeError::PastTheLastYear));
    }

    #[test]
    fn a_window_is_reached_at_its_threshold() {
        let validity = Validity { not_before: NOW, not_after: NOW + Duration::days(90) };
        let window: ExpiryWindow = "30d".parse().unwrap();
        let half: ExpiryWindow = "50%".parse().unwrap();
        let third: ExpiryWindow = "1/3".parse().unwrap();
        let cases = [
            (window, Duration::days(60) - Duration::SECOND, false),
            (window, Duration::days(60), true),
            (window, Duration::days(60) + Duration::SECOND, true),
            (window, Duration::days(900), true),
            (half, Duration::days(45) - Duration::SECOND, false),
            (half, Duration::days(45), true),
            (third, Duration::days(60) - Duration::SECOND, false),
            (third, Duration::days(60), true),
        ];

        for (window, age, expected) in cases {
            assert_eq!(window.reached(NOW + age, &validity), expected, "{window} after {age}");
        }
    }

    #[test]
    fn durations_are_parsed() {
        let cases = [
            ("90d", Some("90d")),
            ("12h", Some("12h")),
            ("2w", Some("14d")),
            ("1y", Some("365d")),
            ("33%", Some("33%")),
            ("1/3", Some("1/3")),
            ("2/7", Some("2/7")),
            ("4294967294/4294967295", Some("4294967294/4294967295")),
            ("0d", Some("0d")),
            ("0%", None),
            ("101%", None),
            ("0/3", None),
            ("3/3", None),
            ("4/3", None),
            ("1/0", None),
            ("1/", None),
            ("/3", None),
            ("1/3d", None),
            ("1/2/3", None),
            ("-1/3", None),
            ("+1/3", None),
            ("1 / 3", None),
            ("1/4294967296", None),
            ("1m", None),
            ("", None),
            ("d", None),
            ("90", None),
            ("-1d", None),
            ("1e3d", None),
            ("9999999999d", None),
            ("4000000000y", None),
            ("1ü", None),
        ];

        for (text, expected) in cases {
            let window = text.parse::<ExpiryWindow>().ok().map(|window| window.to_string());
            assert_eq!(window.as_deref(), expected, "{text:?}");
        }
    }
}
