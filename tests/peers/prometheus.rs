//! Prometheus' own client library reads what `inspect -o prometheus` writes.

use std::process::Command;

use crate::{
    peer::{installed, skip},
    sandbox::Sandbox,
};

/// Each sample as `name filename value`.
const READ: &str = "
import sys
from prometheus_client.parser import text_string_to_metric_families as read
for family in read(sys.stdin.read()):
    for sample in family.samples:
        print(sample.name, sample.labels.get('filename', ''), int(sample.value))
";

#[test]
fn prometheus_reads_the_metrics() {
    let Some(python) = installed("venv/bin/python", "prometheus_client") else { return };
    let import = ["-c", "import prometheus_client"];
    let has_it = Command::new(&python).args(import).output().unwrap().status.success();
    if !has_it && !skip("prometheus_client") {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90");
    sandbox.put("names/hostile.pem", "hostile.pem");
    sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    sandbox.write("read.py", READ);

    let script = format!(
        "\"$CERTCTL\" inspect . -o prometheus > metrics || true; '{}' read.py < metrics",
        python.display()
    );
    let samples = sandbox.sh(&script).code(0).stdout();

    for metric in ["not_before", "not_after", "expired", "expires_in_seconds"] {
        let line = format!("x509_cert_{metric} server.pem ");
        assert_eq!(samples.lines().filter(|one| one.starts_with(&line)).count(), 1, "{samples}");
    }
    assert!(samples.contains("x509_cert_expired server.pem 0\n"), "{samples}");
    assert!(samples.contains("x509_cert_error broken.pem 1\n"), "{samples}");
    assert!(samples.contains("x509_cert_not_after hostile.pem "), "{samples}");
}
