//! The README is true: its first session gives what it shows, its plan and its cron line are taken.

use crate::sandbox::Sandbox;

const README: &str = include_str!("../../README.md");

#[test]
fn the_first_session_answers_as_the_readme_shows() {
    let sandbox = Sandbox::new();
    let session = blocks("console").remove(0);
    let mut commands = 0;
    for part in session.split("$ ").filter(|part| part.starts_with("certctl ")) {
        let (command, expected) = part.split_once('\n').unwrap();
        let run = sandbox.certctl(command.strip_prefix("certctl ").unwrap());
        run.code(0);
        let answer = format!("{}{}", run.stdout(), run.stderr());
        assert_eq!(masked(&answer), masked(expected), "{command}");
        commands += 1;
    }
    assert!(commands >= 2, "{session}");
}

#[test]
fn the_plan_of_the_readme_is_made() {
    let sandbox = Sandbox::new();
    sandbox.write("certctl.toml", &blocks("toml")[0]);

    sandbox.certctl("gen --key-type ecdsa:p256").code(0);

    assert!(sandbox.files().contains(&"milvus.key".to_owned()));
    assert!(sandbox.files().contains(&"backup-job.pem".to_owned()));
}

#[test]
fn the_cron_line_of_the_readme_is_understood() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let line = blocks("cron").remove(0);
    let command = line.split_once("certctl ").unwrap().1.trim().replace("/etc/milvus/pki", ".");

    let run = sandbox.sh(&format!("\"$CERTCTL\" {command}"));

    run.code(0);
    assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
}

#[test]
fn the_verdict_on_what_gen_sh_made_is_as_the_readme_shows() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let block =
        blocks("console").into_iter().find(|block| block.contains("certctl check")).unwrap();
    let mut lines = block.lines().filter(|line| *line != "  …");
    let command = lines.next().unwrap().strip_prefix("$ certctl ").unwrap();

    let run = sandbox.certctl(command);

    run.code(4);
    assert!(lines.clone().count() >= 5, "{block}");
    for line in lines {
        assert!(run.stdout().lines().any(|said| said == line), "{line}\n{}", run.stdout());
    }
}

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A text with its dates and serials made equal, and without blank lines at its ends.
fn masked(text: &str) -> String {
    let is_date = |word: &str| {
        word.len() == 10
            && word.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    let mask = |word: &str| match word {
        word if is_date(word) => "DATE".to_owned(),
        word if word.starts_with("..") => "SERIAL".to_owned(),
        word => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(mask).collect::<Vec<_>>().join(" ");
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}
