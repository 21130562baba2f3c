//! Killed at every system call; killed while the old set is put back after an error.

use std::collections::BTreeSet;

use super::{
    set::{Scenario, Stage, judge_modes, serial, serials},
    strace::{self, calls, exhaustive, plain},
    tools, try_all,
};
use crate::sandbox::Sandbox;

/// SIGKILL strikes before the call is made, the others after it.
const SIGNALS: [(&str, i32); 3] = [("SIGKILL", 9), ("SIGINT", 2), ("SIGTERM", 15)];

/// Of so many kills while undoing one is tried, unless all are.
const SAMPLE: usize = 7;

/// Faults of one run, the call at which it is to die, and the signal that kills it.
#[derive(Debug)]
struct Kill {
    faults: Vec<String>,
    at: String,
    signal: i32,
}

/// Kills the command at each of its calls, and runs the next command.
pub fn leave_it_whole(scenario: &Scenario) {
    if !tools() {
        return;
    }
    let stage = Stage::new(scenario);
    let mut kills = Vec::new();
    for (place, call) in calls(&stage.sandbox(), &[], scenario.command).into_iter().enumerate() {
        // Between two calls that change nothing there is nothing new to find.
        if !call.changes_files() && !exhaustive() {
            continue;
        }
        for (number, (name, signal)) in SIGNALS.into_iter().enumerate() {
            if number == 0 || exhaustive() || place % 4 == number {
                let faults = vec![call.fault(&format!("signal={name}"), "")];
                kills.push(Kill { faults, at: call.text.clone(), signal });
            }
        }
    }
    try_all(&format!("`{}` killed", scenario.command), &kills, |kill| survive(&stage, kill));
}

/// Lets a rename fail, and kills the command while it puts the old set back.
pub fn while_undoing(scenario: &Scenario) {
    if !tools() {
        return;
    }
    let stage = Stage::new(scenario);
    let mut kills = Vec::new();
    for rename in calls(&stage.sandbox(), &[], scenario.command) {
        // The last of them only names a record that counts no more.
        if !rename.name.starts_with("rename") || rename.text.contains("\"done-") {
            continue;
        }
        // That rename alone; and every second one from it on, so that the undoing fails, too.
        for when in ["", "+2"] {
            let error = rename.fault("error=EIO", when);
            let calls = calls(&stage.sandbox(), &[&error], scenario.command);
            let failed = calls.iter().position(|call| call.text.contains("(INJECTED)")).unwrap();
            let after = calls[failed..].iter().filter(|call| call.name != rename.name);
            kills.extend(after.map(|call| Kill {
                faults: vec![error.clone(), call.fault("signal=SIGKILL", "")],
                at: call.text.clone(),
                signal: 9,
            }));
        }
    }
    if !exhaustive() {
        let mut number = 0;
        kills.retain(|_| {
            number += 1;
            number % SAMPLE == 1
        });
    }
    let title = format!("`{}` failing, then killed", scenario.command);
    try_all(&title, &kills, |kill| survive(&stage, kill));
}

/// Kills, and judges what is left.
fn survive(stage: &Stage<'_>, kill: &Kill) -> Result<(), String> {
    let faults: Vec<&str> = kill.faults.iter().map(String::as_str).collect();
    let sandbox = stage.sandbox();
    let ended = strace::run(&sandbox, &faults, stage.scenario.command);
    // Threads share their work otherwise each time: the call may not have been made.
    if ended.signal != Some(kill.signal) && !matches!(ended.code, Some(0 | 1)) {
        return Err(format!("{faults:?}: {:?}: {}", ended.code, ended.stderr));
    }
    recover(stage, &sandbox)
        .map_err(|violation| format!("{faults:?}: {violation}\n    at {}", kill.at))
}

/// What must hold when the process is dead, after the next command that writes, and after one more
/// that issues.
pub fn recover(stage: &Stage<'_>, sandbox: &Sandbox) -> Result<(), String> {
    judge_modes(sandbox)?;
    stage.judge_old_ca_key(sandbox)?;
    stage.proceed(sandbox)?;
    stage.judge_old_ca_key(sandbox)?;
    judge_modes(sandbox)?;
    if !sandbox.path("ca.key").exists() {
        // Copies are not where the CA is.
        return Ok(());
    }

    let found = serials(sandbox).into_values();
    let taken: BTreeSet<String> = found.chain(stage.serials.iter().cloned()).collect();
    let probe = plain(sandbox, "renew server");
    if probe.code != Some(0) {
        return Err(format!("renew after it gives {:?}: {}", probe.code, probe.stderr));
    }
    let issued = serial(&sandbox.read("server.pem"));
    if taken.contains(&issued) {
        return Err(format!("serial {issued} is given out twice"));
    }
    Ok(())
}
