//! The README's files for CI before the programs that read them: pre-commit, the schemas of GitHub
//! Actions and GitLab, and what reads JUnit.

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
