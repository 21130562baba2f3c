//! The targets of libFuzzer, with what the fuzzer begins with: they must not fall out of use unseen.

use std::{fs, path::Path};

use certctl_pki::x509::pem;

#[path = "../../../fuzz/src/targets/mod.rs"]
mod targets;

#[test]
fn every_target_runs_on_the_fixtures() {
    use targets::{certificate, input, names, path, pem, private_key, sans, serial};

    let all = [pem, certificate, private_key, serial, sans, names, input, path];
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut files = 0;
    for folder in fs::read_dir(fixtures).unwrap().map(Result::unwrap) {
        let Ok(folder) = fs::read_dir(folder.path()) else { continue };
        for file in folder.map(Result::unwrap).filter(|file| file.path().is_file()) {
            let content = fs::read(file.path()).unwrap();
            let ders = pem::certificates(&content).unwrap_or_default();
            for bytes in ders.iter().chain([&content, &ders.concat()]) {
                for target in all {
                    target(bytes);
                }
            }
            files += 1;
        }
    }
    assert!(files > 50, "{files}");
}
