//! Other days: certctl under faketime, whose clock stands still.

use std::process::Command;

use rustls_pki_types::{CertificateDer, pem::PemObject};
use time::{Duration, OffsetDateTime, macros::format_description};
use x509_parser::parse_x509_certificate;

use crate::{
    der::dates,
    peer::{have, run},
    sandbox::{Run, Sandbox},
};

const SECOND: Duration = Duration::SECOND;

/// certctl at a moment that does not pass.
fn at(sandbox: &Sandbox, moment: OffsetDateTime, line: &str) -> Run {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    at_text(sandbox, &moment.format(format).unwrap(), line)
}

fn at_text(sandbox: &Sandbox, moment: &str, line: &str) -> Run {
    let mut command = Command::new("faketime");
    command.args(["-f", moment, env!("CARGO_BIN_EXE_certctl")]).args(line.split_whitespace());
    Run::of(command.env_clear().env("TZ", "UTC").current_dir(sandbox.dir()))
}

/// From when until when.
fn validity(sandbox: &Sandbox, file: &str) -> (OffsetDateTime, OffsetDateTime) {
    let der = CertificateDer::from_pem_slice(&sandbox.read(file)).unwrap();
    let (_, certificate) = parse_x509_certificate(&der).unwrap();
    let validity = certificate.validity();
    (validity.not_before.to_datetime(), validity.not_after.to_datetime())
}

/// openssl's verdict on another day.
fn openssl(sandbox: &Sandbox, moment: OffsetDateTime, file: &str) -> Run {
    let moment = moment.unix_timestamp();
    run(sandbox, &format!("openssl verify -x509_strict -attime {moment} -CAfile ca.pem {file}"))
}

fn set(flags: &str) -> Sandbox {
    Sandbox::with_gen(&format!("--cn localhost --key-type ecdsa:p256 {flags}"))
}

#[test]
fn a_clock_before_1970_or_before_the_ca_issues_nothing() {
    if !have(&["faketime"]) {
        return;
    }
    let empty = Sandbox::new();
    at_text(&empty, "1969-12-31 23:59:59", "gen --cn localhost").code(1).stderr_has("clock");
    assert!(empty.files().is_empty());

    let sandbox = set("");
    let before = sandbox.digest();
    let (ca_begins, _) = validity(&sandbox, "ca.pem");
    for line in ["renew", "renew server --reuse-key", "issue redis localhost"] {
        at_text(&sandbox, "1969-12-31 23:59:59", line).code(1).stderr_has("hint: ");
        at(&sandbox, ca_begins - SECOND, line).code(1).stderr_has("ca.pem");
        assert_eq!(sandbox.digest(), before, "{line}");
    }

    at(&sandbox, ca_begins, "renew").code(0);

    let (begins, _) = validity(&sandbox, "server.pem");
    assert_eq!(begins, ca_begins, "five minutes earlier, but not before the CA");
}

#[test]
fn a_certificate_is_due_from_the_second_of_the_threshold_on() {
    if !have(&["faketime"]) {
        return;
    }
    let lifetime = Duration::days(100) + Duration::minutes(5);
    let rows = [
        ("30d", Duration::days(30)),
        ("12h", Duration::hours(12)),
        ("2w", Duration::weeks(2)),
        ("33%", Duration::seconds(lifetime.whole_seconds() * 33 / 100)),
        ("1/3", Duration::seconds(lifetime.whole_seconds() / 3)),
    ];
    let sandbox = set("--days 100");
    for (window, left) in rows {
        let (begins, ends) = validity(&sandbox, "server.pem");
        assert_eq!(ends - begins, lifetime);
        let line = format!("renew server --expires-within {window}");
        let before = sandbox.digest();

        at(&sandbox, ends - left - SECOND, &line).code(0);
        assert_eq!(sandbox.digest(), before, "{window}: one second before");

        // Renewed at the threshold; the one behind it starts from what was there.
        let server = (sandbox.text("server.pem"), sandbox.text("server.key"));
        for (moment, what) in [(ends - left, "at it"), (ends - left + SECOND, "one second after")] {
            sandbox.write("server.pem", &server.0);
            sandbox.write("server.key", &server.1);
            at(&sandbox, moment, &line).code(0);
            assert_ne!(sandbox.text("server.pem"), server.0, "{window}: {what}");
            let (renewed, _) = validity(&sandbox, "server.pem");
            assert_eq!(renewed, moment - Duration::minutes(5), "{window}: {what}");
        }
    }
}

#[test]
fn an_expired_leaf_is_renewed() {
    if !have(&["faketime", "openssl"]) {
        return;
    }
    for line in ["renew", "renew --expires-within 1d", "renew --expires-within 33%"] {
        let sandbox = set("--days 30");
        let (_, ends) = validity(&sandbox, "server.pem");
        let later = ends + Duration::days(400);
        openssl(&sandbox, later, "server.pem").code(2);

        at(&sandbox, later, line).code(0);

        openssl(&sandbox, later, "server.pem").code(0);
        openssl(&sandbox, later, "client.pem").code(0);
    }
}

#[test]
fn an_expired_ca_issues_nothing_until_it_is_renewed() {
    if !have(&["faketime", "openssl"]) {
        return;
    }
    let sandbox = set("--days 30 --ca-days 60");
    let (_, ends) = validity(&sandbox, "ca.pem");
    let before = sandbox.digest();
    for (line, code) in
        [("renew", 1), ("renew --expires-within 30d", 4), ("issue redis localhost", 1)]
    {
        at(&sandbox, ends + SECOND, line)
            .code(code)
            .stderr_has("`ca.pem` ")
            .stderr_has("expired")
            .stderr_has("hint: ")
            .stderr_has("certctl renew ca");
        at(&sandbox, ends - Duration::days(1), line)
            .code(1)
            .stderr_lacks("expired")
            .stderr_has("CA");
        assert_eq!(sandbox.digest(), before, "{line}");
    }

    at(&sandbox, ends + SECOND, "renew ca").code(0);

    let (_, new_end) = validity(&sandbox, "ca.pem");
    assert_eq!(new_end, ends + SECOND + Duration::days(60), "as long as before");
    assert_eq!(before["server.pem"], sandbox.digest()["server.pem"], "the CA alone");
    at(&sandbox, ends + SECOND, "renew").code(0);
    openssl(&sandbox, ends + SECOND, "server.pem").code(0);
}

#[test]
fn a_ca_that_is_due_itself_is_said_when_the_leaves_are_done() {
    if !have(&["faketime"]) {
        return;
    }
    let sandbox = set("--days 30 --ca-days 100");
    let (_, ends) = validity(&sandbox, "ca.pem");
    let before = sandbox.text("server.pem");

    at(&sandbox, ends - Duration::days(40), "renew --expires-within 40d")
        .code(3)
        .stderr_has("certctl renew ca");

    assert_ne!(sandbox.text("server.pem"), before);
}

/// RFC 5280 section 4.1.2.5: two digits for the year through 2049, four from 2050 on.
#[test]
fn each_date_is_written_as_its_year_wants() {
    if !have(&["faketime", "openssl"]) {
        return;
    }
    let rows = [
        ("2049-12-30 23:59:59", ["UTCTIME:491230235459Z", "UTCTIME:491231235959Z"]),
        ("2049-12-31 00:00:00", ["UTCTIME:491230235500Z", "GENERALIZEDTIME:20500101000000Z"]),
        ("2050-01-01 00:04:59", ["UTCTIME:491231235959Z", "GENERALIZEDTIME:20500102000459Z"]),
        (
            "2050-01-01 00:05:00",
            ["GENERALIZEDTIME:20500101000000Z", "GENERALIZEDTIME:20500102000500Z"],
        ),
    ];
    for (moment, expected) in rows {
        let sandbox = Sandbox::new();
        let line = "gen --cn localhost --key-type ecdsa:p256 --days 1";

        at_text(&sandbox, moment, line).code(0);

        assert_eq!(dates(&sandbox, "server.pem"), expected, "{moment}");
        assert_eq!(dates(&sandbox, "client.pem"), expected, "{moment}");
        let (begins, ends) = validity(&sandbox, "server.pem");
        // OpenSSL counts the last second as past, unlike RFC 5280.
        let last = ends - SECOND;
        for (moment, code) in [(begins - SECOND, 2), (begins, 0), (last, 0), (ends + SECOND, 2)] {
            openssl(&sandbox, moment, "server.pem").code(code);
        }
    }
}
