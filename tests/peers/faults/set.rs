//! What a directory holds before a fault, and whether it is whole after it.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use x509_parser::pem::Pem;

use super::strace::{exhaustive, plain};
use crate::{peer::have, sandbox::Sandbox};

/// Every file below a directory, with its mode and content.
pub type Digest = BTreeMap<String, (u32, Vec<u8>)>;

/// A command that writes, in the directory in which it is tried.
#[derive(Debug)]
pub struct Scenario {
    /// What is run in an empty directory first.
    pub before: &'static [&'static str],
    pub command: &'static str,
    /// The next command that writes. It changes nothing of its own, except after `gen`.
    pub next: &'static str,
    /// The files that it makes, replaces or takes away; those of one group stand and fall together.
    pub groups: &'static [&'static [&'static str]],
    pub replaces_ca: bool,
}

/// A directory in which a scenario can be tried again and again.
pub struct Stage<'a> {
    pub scenario: &'a Scenario,
    template: Sandbox,
    pub old: Digest,
    /// What its certificates bear.
    pub serials: Vec<String>,
}

/// What became of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Old,
    New,
    /// Some identities are new, others old, each whole.
    Partly,
}

impl<'a> Stage<'a> {
    pub fn new(scenario: &'a Scenario) -> Self {
        let template = Sandbox::new();
        for line in scenario.before {
            template.certctl(line).code(0);
        }
        let old = template.digest();
        let serials = serials(&template).into_values().collect();
        Self { scenario, template, old, serials }
    }

    /// A fresh copy of the directory.
    pub fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        self.fill(sandbox.dir());
        sandbox
    }

    /// Copies the files into an empty directory.
    pub fn fill(&self, dir: &Path) {
        for file in self.old.keys() {
            let copy = dir.join(file);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(self.template.path(file), copy).unwrap();
        }
    }

    /// Runs the next command that writes, after which all must be whole.
    pub fn proceed(&self, sandbox: &Sandbox) -> Result<State, String> {
        let next = plain(sandbox, self.scenario.next);
        // A second gen refuses what the first one published.
        let refused = next.code == Some(1) && next.stderr.contains("already exist");
        let is_first = self.old.is_empty();
        if next.code != Some(0) && !(is_first && refused) {
            return Err(format!("the next command gives {:?}: {}", next.code, next.stderr));
        }
        let state = self.judge(sandbox)?;
        if is_first && state != State::New {
            return Err("the next gen made nothing".into());
        }
        Ok(state)
    }

    /// Whether the set is the old or the new one; or what is wrong with it.
    pub fn judge(&self, sandbox: &Sandbox) -> Result<State, String> {
        let now = sandbox.digest();
        let leftovers = leftovers(sandbox);
        if !leftovers.is_empty() {
            return Err(format!("left behind: {leftovers:?}"));
        }
        let groups = self.scenario.groups;
        let mut states = Vec::new();
        for group in groups {
            states.push(self.judge_group(group, &now)?);
        }
        let state = match (states.contains(&State::Old), states.contains(&State::New)) {
            (true, false) => State::Old,
            (false, _) => State::New,
            _ => State::Partly,
        };

        let is_new_ca = self.scenario.replaces_ca && state == State::New;
        let expected: BTreeSet<&str> =
            self.old.keys().map(String::as_str).chain(groups.concat()).collect();
        for (file, found) in &now {
            let kept = self.old.get(file).is_none_or(|before| before == found);
            let is_grouped = groups.concat().contains(&file.as_str());
            let is_archived = is_new_ca && file.starts_with("archive/");
            if !expected.contains(file.as_str()) && !is_archived {
                return Err(format!("{file} appeared"));
            }
            if !is_grouped && file != "ca.srl" && !kept {
                return Err(format!("{file} changed"));
            }
        }
        if is_new_ca {
            self.judge_archive(sandbox, &now)?;
        } else {
            self.judge_serial_file(&now)?;
        }
        if state != State::Old {
            judge_pairs(sandbox, &now)?;
        }
        Ok(state)
    }

    fn judge_group(&self, group: &[&str], now: &Digest) -> Result<State, String> {
        let same: Vec<bool> =
            group.iter().map(|file| now.get(*file) == self.old.get(*file)).collect();
        match (same.contains(&true), same.contains(&false)) {
            (true, true) => {
                let files: Vec<_> = group.iter().zip(&same).collect();
                Err(format!("half of a set is new (true: as before): {files:?}"))
            }
            (true, false) => Ok(State::Old),
            _ => Ok(State::New),
        }
    }

    fn judge_serial_file(&self, now: &Digest) -> Result<(), String> {
        let Some((_, before)) = self.old.get("ca.srl") else { return Ok(()) };
        let Some((_, after)) = now.get("ca.srl") else { return Err("ca.srl is gone".into()) };
        let [before, after] = [before, after].map(|content| String::from_utf8_lossy(content));
        let well_formed = after.strip_suffix('\n').is_some_and(|digits| {
            digits.len() % 2 == 0
                && !digits.is_empty()
                && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
        });
        if !well_formed {
            return Err(format!("ca.srl holds {after:?}"));
        }
        if after.len().cmp(&before.len()).then_with(|| after.cmp(&before)) == Ordering::Less {
            return Err(format!("ca.srl went back from {before:?} to {after:?}"));
        }
        Ok(())
    }

    /// The set before lies whole in one archive of mode 0700.
    fn judge_archive(&self, sandbox: &Sandbox, now: &Digest) -> Result<(), String> {
        if self.old.is_empty() {
            return Ok(());
        }
        let archives: Vec<_> = fs::read_dir(sandbox.path("archive"))
            .map_err(|error| format!("archive: {error}"))?
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let [archive] = &archives[..] else { return Err(format!("archives: {archives:?}")) };
        let prefix = format!("archive/{archive}/");
        let kept: Digest = now
            .iter()
            .filter_map(|(file, found)| {
                Some((file.strip_prefix(&prefix)?.to_owned(), found.clone()))
            })
            .collect();
        let mode = sandbox.mode(&prefix);
        if kept == self.old && mode == 0o700 {
            return Ok(());
        }
        Err(format!("the archive (mode {mode:o}) holds {:?}", kept.keys()))
    }

    /// The key of the CA that was there before is somewhere still.
    pub fn judge_old_ca_key(&self, sandbox: &Sandbox) -> Result<(), String> {
        let Some((_, key)) = self.old.get("ca.key") else { return Ok(()) };
        let is_there = sandbox.digest().values().any(|(_, content)| content == key);
        if is_there { Ok(()) } else { Err("the old CA key is lost".into()) }
    }
}

/// Every file that holds a private key is its owner's alone.
pub fn judge_modes(sandbox: &Sandbox) -> Result<(), String> {
    const MARK: &[u8] = b"PRIVATE KEY";
    for (file, (mode, content)) in sandbox.digest() {
        let is_key = content.windows(MARK.len()).any(|window| window == MARK);
        if (is_key || is_named(&file, "key")) && mode & 0o077 != 0 {
            return Err(format!("{file} has mode {:o}", mode & 0o777));
        }
    }
    Ok(())
}

/// The files below `.certctl`: what a killed run was about to publish, or to put back.
pub fn waiting(sandbox: &Sandbox) -> Vec<String> {
    let is_waiting = |file: &String| file.starts_with(".certctl/") && !file.ends_with("/lock");
    sandbox.files().into_iter().filter(is_waiting).collect()
}

/// What must not be there after a command: `.certctl`.
pub fn leftovers(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.dir()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

/// openssl takes its time to start: it is asked about one set of so many.
const OPENSSL: usize = 16;
static JUDGED: AtomicUsize = AtomicUsize::new(0);

/// Every key belongs to its certificate, and the CA signed that.
pub fn judge_pairs(sandbox: &Sandbox, now: &Digest) -> Result<(), String> {
    let ca = block(&now["ca.pem"].1);
    let ca = ca.parse_x509().unwrap();
    let is_key = |file: &&String| is_named(file, "key") && !file.contains('/');
    for file in now.keys().filter(is_key) {
        let pem = file.replace(".key", ".pem");
        let Some((_, certificate)) = now.get(&pem) else { return Err(format!("no {pem}")) };
        if !matches(&now[file].1, certificate) {
            return Err(format!("{file} does not belong to {pem}"));
        }
        let certificate = block(certificate);
        let verified = certificate.parse_x509().unwrap().verify_signature(Some(ca.public_key()));
        verified.map_err(|error| format!("{pem} is not signed by ca.pem: {error}"))?;
    }
    let number = JUDGED.fetch_add(1, Relaxed);
    let is_sampled = exhaustive() || number.is_multiple_of(OPENSSL);
    if is_sampled && have(&["openssl"]) { ask_openssl(sandbox) } else { Ok(()) }
}

fn ask_openssl(sandbox: &Sandbox) -> Result<(), String> {
    const SCRIPT: &str = r#"
        for key in *.key; do
            name=${key%.key}
            of_key=$(openssl pkey -in "$key" -pubout) || echo "$key cannot be read"
            of_certificate=$(openssl x509 -in "$name.pem" -noout -pubkey) || echo "no $name.pem"
            [ "$of_key" = "$of_certificate" ] || echo "$key does not belong to $name.pem"
        done
        openssl verify -CAfile ca.pem *.pem | grep -v ': OK$' || :"#;
    let run = sandbox.sh(SCRIPT);
    if run.stdout().is_empty() { Ok(()) } else { Err(run.stdout() + &run.stderr()) }
}

/// Whether an EC key (P-256) and a certificate in PEM belong together.
pub fn matches(key: &[u8], certificate: &[u8]) -> bool {
    let (key, certificate) = (block(key).contents, block(certificate));
    let public = &certificate.parse_x509().unwrap().tbs_certificate.subject_pki.subject_public_key;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key, &SystemRandom::new())
        .is_ok_and(|key| key.public_key().as_ref() == &*public.data)
}

fn is_named(file: &str, extension: &str) -> bool {
    Path::new(file).extension().is_some_and(|found| found == extension)
}

fn block(pem: &[u8]) -> Pem {
    Pem::iter_from_buffer(pem).next().unwrap().unwrap()
}

/// The serials of all certificates in the directory and in its archive, the CA's aside.
pub fn serials(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let is_leaf = |file: &str| is_named(file, "pem") && !file.ends_with("ca.pem");
    let files = sandbox.digest().into_iter().filter(|(file, _)| is_leaf(file));
    files.map(|(file, (_, content))| (file, serial(&content))).collect()
}

/// The serial of a certificate in PEM.
pub fn serial(pem: &[u8]) -> String {
    block(pem).parse_x509().unwrap().raw_serial_as_string()
}
