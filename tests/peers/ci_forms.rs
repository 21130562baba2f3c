//! The README's files for CI before the programs that read them: pre-commit, the schemas of GitHub
//! Actions and GitLab, and what reads JUnit and SARIF.

use std::{os::unix::fs::symlink, path::Path, process::Command};

use crate::{
    peer::{fixture, have, installed},
    sandbox::{Run, Sandbox},
};

const README: &str = include_str!("../../README.md");

#[test]
fn junit_is_read_by_junitparser_and_keeps_to_the_common_schema() {
    let Some(python) = installed("ci/bin/python", "junitparser") else { return };
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for file in ["ca.pem", "server.pem", "client.pem"] {
        sandbox.put(&format!("gen-sh/{file}"), &format!("gen-sh/{file}"));
    }
    sandbox.write("store.pem", [sandbox.read("server.pem"), sandbox.read("client.pem")].concat());
    sandbox.write("<\"&\u{1b}.pem", sandbox.read("client.pem"));
    sandbox.sh("head -c 300 server.pem > cut.pem");
    // The name of the report, the command, its exit code, and how much fails.
    let rows = [
        ("good", "check ca client server", 0, "0 0"),
        ("expired", "check ca client server --at 2199-01-01T00:00:00Z", 4, "3 0"),
        ("due", "check ca client server --expires-within 99%", 0, "0 0"),
        ("soon", "check ca client server --expires-within 100y", 3, "3 0"),
        ("gen-sh", "check -d gen-sh", 4, "1 0"),
        ("strict", "check -d gen-sh --strict", 4, "4 0"),
        ("absent", "check server absent", 1, "0 1"),
        ("bundle", "check store.pem", 0, "0 0"),
    ];
    let mut expected = Vec::new();
    for (name, line, code, numbers) in rows {
        sandbox.certctl(&format!("{line} -o junit --out-file {name}.xml")).code(code);
        expected.push((name, numbers));
    }
    let odd = ["check", "<\"&\u{1b}.pem", "cut.pem", "-o", "junit", "--out-file", "odd.xml"];
    sandbox.certctl_args(&odd);

    let reports = rows.map(|(name, ..)| format!("{name}.xml"));
    let mut read = Command::new(python);
    read.arg(fixture("junit.py")).args(&reports).arg("odd.xml").current_dir(sandbox.dir());
    let said = Run::of(&mut read);
    println!("{}", said.stdout());
    said.code(0);
    for (name, numbers) in expected {
        let begin = format!("ok {name}.xml ");
        let text = said.stdout();
        let line = text.lines().find(|line| line.starts_with(&begin)).unwrap();
        assert!(line.ends_with(numbers), "{line}: not {numbers}");
    }
}

/// `sarif summary` without the imports of the commands that draw.
const SUMMARY: &str = "
import sys
from sarif import loader
from sarif.operations.summary_op import generate_summary

generate_summary(loader.load_sarif_files(*sys.argv[1:]), None, False)
";

#[test]
fn sarif_keeps_to_its_schema_and_is_read_by_sarif_tools() {
    let Some(checker) = installed("ci/bin/check-jsonschema", "check-jsonschema") else { return };
    let Some(schema) = installed("ci/sarif-2.1.0.json", "schema of SARIF") else { return };
    let Some(python) = installed("ci/bin/python", "sarif-tools") else { return };
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for file in ["ca.pem", "server.pem", "client.pem"] {
        sandbox.put(&format!("gen-sh/{file}"), &format!("gen-sh/{file}"));
    }
    let odd = "<\"& %\u{1b}\n.pem";
    sandbox.write(odd, sandbox.read("client.pem"));
    sandbox.sh("head -c 300 server.pem > cut.pem");
    let validate = |file: &str| {
        let mut check = Command::new(&checker);
        // A pattern of the schema is none of the stricter variant.
        check.args(["--regex-variant", "nonunicode", "--schemafile"]).arg(&schema).arg(file);
        check.current_dir(sandbox.dir());
        Run::of(&mut check)
    };
    let summary = |file: &str| {
        let mut read = Command::new(&python);
        let said = Run::of(read.args(["-c", SUMMARY, file]).current_dir(sandbox.dir()));
        said.code(0);
        said.stdout()
    };
    // The name of the report, the command, its exit code, and how many errors, warnings and notes it has.
    let rows = [
        ("good", "check ca client", 0, [0, 0, 0]),
        ("expired", "check client --at 2199-01-01T00:00:00Z", 4, [2, 0, 0]),
        ("soon", "check ca client --expires-within 100y", 3, [0, 2, 0]),
        ("gen-sh", "check -d gen-sh", 4, [1, 4, 3]),
        ("strict", "check -d gen-sh --strict", 4, [5, 0, 3]),
        ("absent", "check ca absent", 1, [0, 0, 0]),
        ("none", "check absent", 1, [0, 0, 0]),
    ];
    for (name, line, code, numbers) in rows {
        let file = format!("{name}.sarif");
        sandbox.certctl(&format!("{line} -o sarif --out-file {file}")).code(code);
        validate(&file).code(0);
        let said = summary(&file);
        for (level, number) in ["error", "warning", "note"].iter().zip(numbers) {
            let line = format!("{level}: {number}");
            assert!(said.lines().any(|said| said == line), "{name}: no {line}: {said}");
        }
    }
    let args = ["check", odd, "cut.pem", "--host", "x", "-o", "sarif", "--out-file", "odd.sarif"];
    sandbox.certctl_args(&args).code(4);
    validate("odd.sarif").code(0);
    assert!(summary("odd.sarif").contains("- host "), "{}", summary("odd.sarif"));
    // The schema looks.
    sandbox.write("wrong.sarif", sandbox.text("odd.sarif").replace("ruleIndex", "ruleIndexes"));
    validate("wrong.sarif").code(1);
}

#[test]
fn the_readmes_files_keep_to_the_schemas_of_github_and_gitlab() {
    let Some(checker) = installed("ci/bin/check-jsonschema", "check-jsonschema") else { return };
    let sandbox = Sandbox::new();
    for (heading, schema) in
        [("GitHub Actions", "vendor.github-workflows"), ("GitLab", "vendor.gitlab-ci")]
    {
        let validate = |text: &str| {
            sandbox.write("file.yml", text);
            let mut check = Command::new(&checker);
            check.args(["--builtin-schema", schema, "file.yml"]).current_dir(sandbox.dir());
            Run::of(&mut check)
        };
        validate(&block(heading)).code(0);
        // The schema looks: a key that neither knows is refused.
        validate(&block(heading).replace("script:", "scripts:").replace("steps:", "stepz:"))
            .code(1);
    }
}

#[test]
fn pre_commit_runs_the_readmes_hook() {
    let Some(program) = installed("ci/bin/pre-commit", "pre-commit") else { return };
    if !have(&["git"]) {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.write(".pre-commit-config.yaml", block("pre-commit, in"));
    sandbox.certctl("-d pki gen --cn localhost --key-type ecdsa:p256").code(0);
    let other = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox.write(".gitignore", "*.key\n/home\n/bin\n");
    sandbox.write("README", "no certificate\n");
    sandbox.write("home/.gitconfig", "[user]\nname = Jo\nemail = jo@example.org\n");
    sandbox.write("bin/.keep", "");
    symlink(env!("CARGO_BIN_EXE_certctl"), sandbox.path("bin/certctl")).unwrap();

    let run = |program: &Path, words: &[&str]| {
        let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
        let mut command = Command::new(program);
        command.args(words).current_dir(sandbox.dir()).env_clear().env("PATH", path);
        let home = sandbox.path("home");
        Run::of(command.env("HOME", &home).env("PRE_COMMIT_HOME", home.join("pre-commit")))
    };
    let git = |words: &[&str]| run(Path::new("git"), words);
    let commit = |message: &str| {
        git(&["add", "--all"]).code(0);
        let run = run(&program, &["run", "--color", "never"]);
        git(&["commit", "--quiet", "--no-verify", "--message", message]).code(0);
        run
    };
    git(&["init", "--quiet"]).code(0);
    run(&program, &["validate-config", ".pre-commit-config.yaml"]).code(0);

    let good = commit("a good set");
    good.code(0).stdout_has("Passed");

    sandbox.write("README", "still none\n");
    commit("no certificate").code(0).stdout_has("Skipped");

    // The certificates that lie there are not what is committed, and do not fit any more.
    let own = sandbox.read("pki/ca.pem");
    sandbox.write("pki/ca.pem", other.read("ca.pem"));
    commit("another CA").code(1).stdout_has("exit code: 4").stdout_has("NOT VALID");

    sandbox.write("pki/ca.pem", own);
    commit("the CA as it was").code(0).stdout_has("Passed");

    sandbox.put("gen-sh/client.pem", "pki/client.pem");
    commit("the client of gen.sh").code(1).stdout_has("exit code: 4").stdout_has("NOT VALID");
}

/// The YAML below a line of the README that begins so.
fn block(heading: &str) -> String {
    let section = README.split("### In CI").nth(1).unwrap().split("\n## ").next().unwrap();
    let (_, below) = section.split_once(&format!("\n{heading}")).expect(heading);
    below.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}
