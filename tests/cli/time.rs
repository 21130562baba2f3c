//! Time: how dates are written, and which lifetimes can be asked for.

use crate::{
    cert::{Cert, GENERALIZED_TIME, UTC_TIME},
    sandbox::Sandbox,
};

const DAY: i64 = 86_400;

#[test]
fn dates_through_2049_are_utc_time_and_later_ones_generalized() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let begin = Cert::read(&sandbox, "ca.pem").not_before();
    let new_year = time::macros::datetime!(2050-01-01 0:00 UTC);
    let days = (new_year - begin).whole_days();
    // Today is far enough from both ends of the century that this stays so.
    assert!(days > 0, "the tests of 2050 are to be thought of");

    for (days, tag) in [(days - 1, UTC_TIME), (days + 1, GENERALIZED_TIME)] {
        let sandbox = Sandbox::with_gen(&format!("--key-type ecdsa:p256 --days {days}"));
        let cert = Cert::read(&sandbox, "server.pem");
        let [begin, end] = cert.times();
        assert_eq!((begin.tag, end.tag), (UTC_TIME, tag), "{days} days");
        assert_eq!(end.content.len(), if tag == UTC_TIME { 13 } else { 15 }, "{days} days");
        assert_eq!(cert.not_after() >= new_year, tag == GENERALIZED_TIME, "{days} days");
        assert_eq!(cert.serves_below(&Cert::read(&sandbox, "ca.pem")), Ok(()));
    }
}

#[test]
fn the_ca_of_the_default_lives_a_hundred_years() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let ca = Cert::read(&sandbox, "ca.pem");
    let [begin, end] = ca.times();

    assert_eq!((begin.tag, end.tag), (UTC_TIME, GENERALIZED_TIME));
    assert!(end.content.ends_with(b"Z") && end.content.len() == 15, "no fraction, no offset");
    assert_eq!(ca.not_after().year(), (ca.not_before() + time::Duration::days(36_500)).year());
}

#[test]
fn a_renewed_leaf_crosses_2050_in_the_right_encoding() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 10");
    sandbox.certctl("renew server --days 9500").code(0);
    let [_, end] = Cert::read(&sandbox, "server.pem").times();
    assert_eq!(end.tag, GENERALIZED_TIME);
}

#[test]
fn days_that_are_none_are_usage_errors() {
    for days in ["0", "-1", "1e3", "99999999999", "", "1.5", "ten", "2920001", "4294967296", "0x10"]
    {
        let sandbox = Sandbox::new();
        for flag in ["--days", "--ca-days"] {
            let run = sandbox.certctl_args(&["gen", &format!("{flag}={days}")]);
            run.code(2).stdout_is("").stderr_has(flag).stderr_lacks("panicked");
            assert!(sandbox.files().is_empty(), "{flag}={days}");
        }
    }
}

#[test]
fn a_life_beyond_the_year_9999_is_refused_by_name() {
    let sandbox = Sandbox::new();
    sandbox
        .certctl("gen --ca-days 2920000")
        .code(1)
        .stderr_has("`ca` would expire after the year 9999")
        .stderr_has("--days");
    assert!(sandbox.files().is_empty());
}

#[test]
fn the_time_zone_of_the_user_is_no_matter() {
    for zone in ["America/New_York", "Pacific/Kiritimati", "UTC-14", "XYZ+12:34", "", ":/nowhere"] {
        let sandbox = Sandbox::new();
        let before = time::OffsetDateTime::now_utc().unix_timestamp();
        let mut command = sandbox.command();
        command.env("TZ", zone).args(["-o", "json", "gen", "--key-type", "ecdsa:p256"]);
        let run = crate::sandbox::Run::of(&mut command);
        let after = time::OffsetDateTime::now_utc().unix_timestamp();

        let json = run.code(0).json();
        let server = Cert::read(&sandbox, "server.pem");
        let begin = server.not_before().unix_timestamp();
        assert!(
            (before - 300..=after - 300).contains(&begin),
            "five minutes before now, TZ={zone}"
        );
        assert_eq!(server.seconds(), 3650 * DAY + 300, "TZ={zone}");
        let form = time::format_description::well_known::Rfc3339;
        let shown = &json["certificates"][0];
        for (field, moment) in
            [("not_before", server.not_before()), ("not_after", server.not_after())]
        {
            assert_eq!(shown[field], moment.format(&form).unwrap(), "TZ={zone}");
        }
    }
}

#[test]
fn nothing_begins_before_its_ca() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);
    sandbox.certctl("renew server").code(0);

    let ca = Cert::read(&sandbox, "ca.pem");
    for file in ["server.pem", "client.pem", "redis.pem"] {
        assert!(Cert::read(&sandbox, file).not_before() >= ca.not_before(), "{file}");
    }
}

#[test]
fn a_server_of_825_days_is_one_that_apple_takes() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 825");
    assert_eq!(Cert::read(&sandbox, "server.pem").seconds(), 825 * DAY);

    sandbox.certctl("renew server").code(0).stderr_lacks("Apple");
    sandbox.certctl("renew server --days 826").code(0).stderr_has("Apple");
    sandbox.certctl("renew client --days 826").code(0).stderr_lacks("Apple");
}
