//! The rules of the design that a few lines can hold: who may print, read the clock, name a crate.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// Tools of the whole program, which import nothing but each other.
const LEAVES: [&str; 3] = ["hint", "parallel", "path_text"];

/// Which folder of `src` imports which; each may import the [`LEAVES`] and the crates.
const ARROWS: [(&str, &[&str]); 10] = [
    ("store", &[]),
    ("probe", &[]),
    ("hook", &[]),
    ("issue", &["store"]),
    ("config", &["store"]),
    ("deploy", &["issue", "store"]),
    ("error", &["config", "deploy", "hook", "issue", "probe", "store"]),
    ("report", &["deploy", "error", "issue", "probe", "store"]),
    ("cli", &["config", "deploy", "hook", "report", "store"]),
    ("cmd", &["cli", "config", "deploy", "error", "hook", "issue", "probe", "report", "store"]),
];

#[test]
fn arrows_run_one_way() {
    let modules = Modules::of("");
    for (file, imports) in modules.imports() {
        let from = file[0].as_str();
        for import in imports.iter().filter(|import| import[0] != from) {
            let to = import[0].as_str();
            let allowed = ARROWS.iter().find(|(folder, _)| *folder == from);
            let allowed = allowed.is_some_and(|(_, folders)| folders.contains(&to));
            let is_leaf = LEAVES.contains(&to);
            assert!(allowed || is_leaf, "src/{} imports {}", file.join("/"), import.join("::"));
        }
    }
    // The crate has two more layers within.
    let folders: [(&str, &[&str]); 3] =
        [("x509", &["input", "verify"]), ("verify", &["input"]), ("input", &["verify"])];
    for (file, imports) in Modules::of("pki/").imports() {
        let forbidden = folders.iter().find(|(folder, _)| *folder == file[0]);
        let forbidden = forbidden.map_or(&[][..], |(_, folders)| folders);
        let hit = imports.iter().find(|import| forbidden.contains(&import[0].as_str()));
        assert_eq!(hit, None, "crates/pki/src/{}", file.join("/"));
    }
}

/// rustfmt leaves an expression as it is if a text in it is too long. Words that cannot be broken, and
/// attributes, may be.
#[test]
fn no_line_is_too_long_for_rustfmt() {
    for Line { file, number, text } in code().iter().filter(|line| line.text.len() > 100) {
        let may_be_broken =
            text.split('"').nth(1).is_some_and(|text| text.len() > 60 && text.contains(' '));
        let is_raw = text.contains("r\"") || text.contains("r#\"");
        let is_attribute = text.trim_start().starts_with("#[");
        let is_shown = file == "error/gallery.rs";
        assert!(!may_be_broken || is_raw || is_attribute || is_shown, "{file}:{number}: {text}");
    }
}

#[test]
fn no_files_import_one_another() {
    for package in ["", "pki/", "primes/"] {
        let imports = Modules::of(package).imports();
        let in_circle = |file: &&ModulePath| reaches(&imports, file, file);
        let circles: Vec<String> =
            imports.keys().filter(in_circle).map(|file| file.join("/")).collect();
        assert!(circles.is_empty(), "`{package}` has files that import one another: {circles:#?}");
    }
}

/// The path of a module in its crate, without `crate`.
type ModulePath = Vec<String>;

/// Whether one file imports another, directly or through others.
fn reaches(
    imports: &BTreeMap<ModulePath, BTreeSet<ModulePath>>,
    from: &ModulePath,
    to: &ModulePath,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for import in imports.get(file).into_iter().flatten() {
            if import == to {
                return true;
            }
            if seen.insert(import) {
                open.push(import);
            }
        }
    }
    false
}

/// The modules of a crate, each a file, with its code.
struct Modules(BTreeMap<ModulePath, String>);

impl Modules {
    /// `package` as in [`PACKAGES`]. The roots are left out, which declare all modules.
    fn of(package: &str) -> Self {
        let others: Vec<&str> =
            PACKAGES.iter().map(|(_, name)| *name).filter(|name| !name.is_empty()).collect();
        let mut files: BTreeMap<ModulePath, String> = BTreeMap::new();
        for Line { file, text, .. } in code() {
            let is_own = match package {
                "" => !others.iter().any(|other| file.starts_with(other)),
                package => file.starts_with(package),
            };
            let name = file[package.len().min(file.len())..].trim_end_matches(".rs");
            if !is_own || ["lib", "main", "fuzzing"].contains(&name) {
                continue;
            }
            let module = name.trim_end_matches("/mod").split('/').map(str::to_owned).collect();
            *files.entry(module).or_default() += &(text + "\n");
        }
        Self(files)
    }

    /// What each file imports: with `use`, or with a path in its code. A parent that only declares and
    /// exports its children does not import them.
    fn imports(&self) -> BTreeMap<ModulePath, BTreeSet<ModulePath>> {
        let of = |(module, text): (&ModulePath, &String)| {
            let (uses, rest): (Vec<Statement>, String) = statements(text);
            let uses = uses.into_iter().filter(|one| !one.is_export).flat_map(|one| one.paths);
            let found = uses.chain(paths_in(&rest)).filter_map(|path| self.resolve(module, &path));
            (module.clone(), found.filter(|found| found != module).collect())
        };
        self.0.iter().map(of).collect()
    }

    /// The file that defines what a path names, as a module has it.
    fn resolve(&self, module: &ModulePath, path: &[String]) -> Option<ModulePath> {
        let mut at: ModulePath = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => module.clone(),
            child if self.0.contains_key(&[&module[..], &[child.to_owned()]].concat()) => {
                module.clone()
            }
            _ => return None,
        };
        let mut rest = path.iter().peekable();
        while let Some(step) =
            rest.next_if(|step| ["crate", "self", "super"].contains(&step.as_str()))
        {
            if step == "super" {
                at.pop();
            }
        }
        while let Some(step) = rest.peek() {
            let below = [&at[..], &[step.trim_start_matches("r#").to_owned()]].concat();
            if !self.0.contains_key(&below) {
                break;
            }
            at = below;
            rest.next();
        }
        let exports = self.0.get(&at).map(|text| statements(text).0).unwrap_or_default();
        let exported = exports.into_iter().filter(|one| one.is_export).flat_map(|one| one.paths);
        let named = rest.next().and_then(|item| {
            exported
                .into_iter()
                .find(|path| path.last() == Some(item))
                .filter(|path| path.len() > 1)
        });
        match named {
            Some(path) => self.resolve(&at, &path),
            None => self.0.contains_key(&at).then_some(at),
        }
    }
}

/// A `use`.
struct Statement {
    is_export: bool,
    paths: Vec<ModulePath>,
}

/// Every `use` of a file, and the code without them.
fn statements(text: &str) -> (Vec<Statement>, String) {
    let (mut found, mut rest) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_export = line.starts_with("pub") && line.contains(" use ");
        if !is_export && !line.starts_with("use ") {
            // A visibility is not an import.
            let line = line.replace("pub(in crate::", "pub(in ");
            rest += &(line + "\n");
            continue;
        }
        let mut statement = line.to_owned();
        while !statement.ends_with(';') {
            statement += lines.next().unwrap().trim();
        }
        let tree = statement.split_once("use ").unwrap().1.trim_end_matches(';');
        found.push(Statement { is_export, paths: expand("", tree) });
    }
    (found, rest)
}

/// The paths of `a::{b, c::{d, e}}`.
fn expand(prefix: &str, tree: &str) -> Vec<ModulePath> {
    if let Some((before, inner)) = tree.split_once('{') {
        let inner = inner.strip_suffix('}').unwrap();
        let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
        for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    paths.extend(expand(&format!("{prefix}{before}"), inner[start..at].trim()));
                    start = at + 1;
                }
                _ => {}
            }
        }
        return paths;
    }
    let path = format!("{prefix}{}", tree.split(" as ").next().unwrap_or_default());
    if tree.is_empty() { Vec::new() } else { vec![path.split("::").map(str::to_owned).collect()] }
}

/// Paths of modules in code: `crate::a::b`, `super::a`, and `child::a`.
fn paths_in(code: &str) -> Vec<ModulePath> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | ':');
    let words = code.split(|c: char| !is_word(c)).filter(|word| word.contains("::"));
    let path = |word: &str| word.split("::").map(str::to_owned).collect::<ModulePath>();
    words.filter(|word| word.starts_with(char::is_lowercase)).map(path).collect()
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
