//! The rules of the design that a few lines can hold: who may print, read the clock, name a crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A line of a source file that is neither a comment nor a test.
struct Line {
    /// Relative to `src/`, such as `cmd/renew.rs`; of another package after its name, such as
    /// `pki/x509/san.rs`.
    file: String,
    number: usize,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folders with sources, and what stands before the names of their files.
const PACKAGES: [(&str, &str); 3] =
    [("src", ""), ("crates/pki/src", "pki/"), ("crates/primes/src", "primes/")];

/// As [`Line`] names a file.
fn label(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap();
    let named = PACKAGES.iter().find_map(|(folder, name)| {
        Some(format!("{name}{}", path.strip_prefix(folder).ok()?.display()))
    });
    named.unwrap()
}

fn sources() -> Vec<PathBuf> {
    fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    for (folder, _) in PACKAGES {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    files
}

/// Files that are compiled for tests only: those that a `#[cfg(test)] mod name;` names.
fn test_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        for module in text.split("#[cfg(test)]\nmod ").skip(1) {
            let name = module.split([';', ' ']).next().unwrap();
            let parent = match path.file_stem().unwrap().to_str().unwrap() {
                "mod" | "lib" | "main" => path.parent().unwrap().to_owned(),
                _ => path.with_extension(""),
            };
            files.push(parent.join(format!("{name}.rs")));
        }
    }
    files
}

/// The code of all files, but for their tests.
fn code() -> Vec<Line> {
    let tests = test_files();
    let mut lines = Vec::new();
    let is_test = |path: &PathBuf| {
        tests.iter().any(|test| path == test || path.starts_with(test.with_extension("")))
    };
    for path in sources().into_iter().filter(|path| !is_test(path)) {
        let text = fs::read_to_string(&path).unwrap();
        let file = label(&path);
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let numbered = code.lines().enumerate().map(|(index, line)| (index + 1, line));
        for (number, text) in numbered.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            lines.push(Line { file: file.clone(), number, text: text.to_owned() });
        }
    }
    assert!(lines.len() > 1000, "the sources are found");
    lines
}

/// Asserts that these words stand in files whose path begins with one of `allowed` alone.
#[track_caller]
fn only_in(words: &[&str], allowed: &[&str]) {
    let is_word = |text: &str, word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '"'))
        })
    };
    for Line { file, number, text } in code() {
        let hit = words.iter().find(|word| is_word(&text.replace("std::", ""), word));
        let is_allowed = allowed.iter().any(|place| file.starts_with(place));
        assert!(
            hit.is_none() || is_allowed,
            "src/{file}:{number} has {hit:?}, which belongs into {allowed:?}: {text}"
        );
    }
}

#[test]
fn only_the_terminal_prints() {
    only_in(&["println!", "print!", "eprintln!", "eprint!", "dbg!"], &[]);
    let streams = ["io::stdout", "io::stderr", "anstream::"];
    // The output of a hook's child goes to standard error.
    only_in(&streams, &["report/terminal.rs", "hook.rs"]);
}

#[test]
fn only_run_reads_the_clock() {
    only_in(
        &["OffsetDateTime::now", "SystemTime::now", "UtcDateTime::now", "UnixTime::now"],
        &["lib.rs"],
    );
}

#[test]
fn only_config_reads_the_environment() {
    // CERTCTL_RENEWED is what a hook is given.
    only_in(&["env::var", "env::vars", "option_env!"], &["config", "report/terminal.rs"]);
    for Line { file, number, text } in code() {
        let reads = text.contains("(\"CERTCTL_");
        assert!(!reads || file.starts_with("config") || file == "hook.rs", "src/{file}:{number}");
    }
}

#[test]
fn only_the_store_writes() {
    let writing = [
        "fs::write",
        "fs::rename",
        "fs::remove_file",
        "fs::remove_dir",
        "fs::create_dir",
        "fs::copy",
        "fs::hard_link",
        "File::create",
        "File::options",
        "OpenOptions::new",
        "fs::set_permissions",
    ];
    only_in(&writing, &["store/"]);
    let calls = ["renameat", "unlinkat", "linkat", "mkdirat", "openat", "symlinkat", "fchown"];
    only_in(&calls, &["store/"]);
}

#[test]
fn only_the_store_reads_files() {
    only_in(&["fs::read(", "fs::read_to_string", "File::open("], &["store/"]);
}

#[test]
fn a_foreign_crate_is_named_in_one_place() {
    only_in(&["rcgen::", "use rcgen"], &["issue/authority.rs", "issue/profile.rs"]);
    only_in(
        &["x509_parser::", "use x509_parser"],
        &["pki/x509/certificate", "pki/x509/csr", "pki/x509/crl"],
    );
    only_in(&["use webpki"], &["pki/verify/webpki.rs"]);
    only_in(&["use rustls::", "rustls::"], &["probe"]);
    only_in(&["use p12_keystore", "p12_keystore::"], &["pki/input/pkcs12_file", "deploy/keystore"]);
    only_in(&["use serde_saphyr", "serde_saphyr::"], &["pki/input/manifest", "deploy/kubernetes"]);
    only_in(&["use minijinja", "minijinja::"], &["deploy/templates"]);
    only_in(&["use nix", "nix::"], &["store/"]);
    only_in(&["use rpassword", "rpassword::"], &["report/terminal.rs"]);
    only_in(&["use quick_xml", "quick_xml::"], &["report/check_report"]);
    only_in(&["use comfy_table", "comfy_table::"], &["report/table.rs"]);
    only_in(&["use walkdir", "walkdir::"], &["store/walk"]);
    only_in(&["use toml", "toml::"], &["config"]);
    only_in(&["use shlex", "shlex::"], &["hook.rs", "report/", "path_text.rs", "deploy/templates"]);
    only_in(
        &["use certctl_primes", "certctl_primes::"],
        &["pki/x509/rsa.rs", "pki/x509/key/curve.rs"],
    );
    // They are compiled for speed there.
    only_in(&["use crypto_primes", "crypto_primes::", "crypto_bigint::"], &["primes/"]);
}

#[test]
fn arrows_run_one_way() {
    let forbidden: [(&str, &[&str]); 8] = [
        ("pki/x509/", &["input", "verify"]),
        ("pki/verify/", &["input"]),
        ("pki/input/", &["verify"]),
        ("store/", &["issue", "cli", "cmd", "config", "deploy", "hook", "probe", "report"]),
        ("probe", &["issue", "cli", "cmd", "config", "deploy", "error", "hook", "report", "store"]),
        ("issue/", &["cli", "cmd", "config", "deploy", "hook", "report"]),
        ("deploy/", &["cmd", "config", "hook", "report"]),
        ("report/", &["cmd", "hook"]),
    ];

    for Line { file, number, text } in code() {
        for (place, modules) in forbidden {
            let hit = modules.iter().find(|module| {
                file.starts_with(place)
                    && [
                        format!("crate::{module}::"),
                        format!("crate::{module},"),
                        format!("crate::{module};"),
                    ]
                    .iter()
                    .any(|path| text.contains(path.as_str()))
            });
            assert_eq!(hit, None, "src/{file}:{number}: {text}");
        }
    }
    // `use crate::{…}` over several lines names modules at its second level.
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let file = label(&path);
        for group in text.split("use crate::{").skip(1) {
            let group = group.split("};").next().unwrap();
            let roots = group.lines().filter_map(|line| line.strip_prefix("    "));
            for name in roots.filter(|line| !line.starts_with([' ', '}'])) {
                let name = name.split([':', ',']).next().unwrap();
                let rule = forbidden.iter().find(|(place, _)| file.starts_with(place));
                let broken = rule.is_some_and(|(_, modules)| modules.contains(&name));
                assert!(!broken, "src/{file} uses crate::{name}");
            }
        }
    }
}

/// `Path::display` writes control characters and line ends of a file name as they are.
#[test]
fn paths_are_written_in_one_place() {
    for Line { file, number, text } in code() {
        let is_shown = !text.contains(".display()");
        assert!(is_shown, "src/{file}:{number} writes a path by itself: {text}");
    }
}

#[test]
fn no_file_is_long_without_its_tests() {
    let lines = code();
    for path in sources() {
        let file = label(&path);
        let count = lines.iter().filter(|line| line.file == file).map(|line| line.number).max();
        assert!(count.unwrap_or(0) <= 400, "src/{file} has {count:?} lines");
    }
}

#[test]
fn each_dependency_says_why_it_is_there() {
    for package in ["", "crates/pki", "crates/primes"] {
        let manifest = fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap();
        let mut section = "";
        let mut last = "";
        for line in manifest.lines() {
            if let Some(header) = line.strip_prefix('[') {
                section = header;
            } else if section.contains("dependencies")
                && line.contains(" = ")
                && !line.starts_with('#')
            {
                assert!(last.starts_with('#'), "{package}: no comment above `{line}`");
            }
            last = line;
        }
    }
}

#[test]
fn unsafe_code_is_forbidden_and_no_lint_is_silenced_without_reason() {
    let manifest =
        |package: &str| fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap();
    assert!(manifest("").contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    for package in ["", "crates/pki", "crates/primes"] {
        assert!(manifest(package).contains("[lints]\nworkspace = true"), "{package}");
    }
    only_in(&["#[allow(", "#![allow("], &[]);
    for Line { file, number, text } in code() {
        let one_line = text.contains("#[expect(") && text.contains(")]");
        assert!(!one_line || text.contains("reason = "), "src/{file}:{number}: {text}");
    }
}

#[test]
fn no_crate_is_of_a_version_that_is_known_to_be_bad() {
    let read = |file: &str| -> toml::Table {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let number = |version: &str| -> Vec<u64> {
        version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
    };
    let (deny, lock) = (read("deny.toml"), read("Cargo.lock"));
    let entries = deny["bans"]["deny"].as_array().unwrap();
    let packages = lock["package"].as_array().unwrap();

    for entry in entries {
        let (name, below) = match entry["crate"].as_str().unwrap().split_once("@<") {
            Some((name, below)) => (name, number(below)),
            None => (entry["crate"].as_str().unwrap(), vec![u64::MAX]),
        };
        for package in packages.iter().filter(|it| it["name"].as_str() == Some(name)) {
            let version = package["version"].as_str().unwrap();
            assert!(number(version) >= below, "{name} {version}: {:?}", entry["reason"]);
        }
    }
}
