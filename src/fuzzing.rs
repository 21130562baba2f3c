//! Entry points for libFuzzer (fuzz/): configuration and reports. The targets of certctl-pki are in
//! fuzz/src/targets.

use std::path::Path;

use pki::{input, x509::escape::is_hidden};
use time::{OffsetDateTime, macros::datetime};

use crate::{
    config::Config,
    report::inspect_report::{Collector, Detail, InspectOptions, Inspection},
};

/// The time of all reports.
const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// certctl.toml.
pub fn config(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Err(message) = Config::parse(text) {
        assert_shown(&message);
    }
}

/// The reports of `inspect`, in every format.
pub fn report(input: &[u8]) {
    for keep in [Detail::Everything, Detail::Rows, Detail::Urgent(2)] {
        let Ok(found) = input::read(input, None) else { return };
        let terms = InspectOptions { now: NOW, window: None, keep, width: None };
        let mut collector = Collector::new(terms);
        collector.add(Path::new("file"), found);
        let inspection = Inspection::new(collector);
        let forms = [
            inspection.to_string(),
            inspection.json().to_string(),
            String::from_utf8(inspection.prometheus()).expect("a text"),
        ];
        for line in forms.iter().flat_map(|form| form.split('\n')) {
            assert_shown(&line);
        }
    }
}

/// Fails if a text can move the cursor or has hidden characters.
fn assert_shown(text: &impl std::fmt::Display) {
    let text = text.to_string();
    assert!(!text.contains(is_hidden), "{text:?}");
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Runs the initial inputs of the fuzzer, so that a broken target is detected.
    #[test]
    fn what_others_made_goes_through_every_target() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let mut files = 0;
        for folder in fs::read_dir(fixtures).unwrap().map(Result::unwrap) {
            let Ok(folder) = fs::read_dir(folder.path()) else { continue };
            for file in folder.map(Result::unwrap).filter(|file| file.path().is_file()) {
                let content = fs::read(file.path()).unwrap();
                config(&content);
                report(&content);
                files += 1;
            }
        }
        assert!(files > 50, "{files}");
    }
}
