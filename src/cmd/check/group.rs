//! The objects of one file, or of one Secret: which of them are checked, with which key and usage.

use std::{
    cell::LazyCell,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use pki::{
    input::{Location, ObjectGroup},
    verify::{
        bundle,
        check::{CheckRole, CheckSubject},
        issuer_index::{IssuerIndex, LIMIT},
        key::{CertificateKey, KeyStatus},
        pem_form,
    },
    x509::{certificate::Certificate, usage::Usage},
};

use super::inputs::Inputs;
use crate::{
    cli::CheckArgs,
    config::Settings,
    issue::identity::IdentityName,
    path_text::{PathText as _, place},
    store::{self, keys_beside},
};

/// One certificate to check.
pub(super) struct CheckTarget {
    pub(super) file: PathBuf,
    /// The name by which commands know it: of an identity of the directory, or `ca`.
    pub(super) known_as: Option<String>,
    pub(super) subject: CheckSubject,
}

/// The certificates of a file or Secret to check: its end-entity certificates; without any, its CAs.
pub(super) fn targets(path: &Path, group: &ObjectGroup, inputs: &Inputs<'_>) -> Vec<CheckTarget> {
    let Inputs { args, settings, trust, .. } = *inputs;
    let all = &group.certificates;
    let known_as = known_as(path, settings);
    let beside = LazyCell::new(|| keys_beside(path));
    let secret_ca = group.trusted().map(Arc::new);
    let pool = Arc::new([&all[..], &trust.untrusted].concat());
    // In a file of few, all may be tried.
    let index = (all.len() > LIMIT).then(|| IssuerIndex::new(all));
    let is_alone = all.len() + group.broken.len() == 1;
    let as_leaf = is_asked_as_leaf(path, known_as.as_deref(), args);
    let planned =
        settings.config.plan.iter().find(|one| Some(one.name.as_str()) == known_as.as_deref());
    // The plan, its name, or its extendedKeyUsage and its key say that a CA certificate is nevertheless
    // used as a server or client.
    let plays_leaf = |location: Option<&Location>, certificate: &Certificate| {
        (location.is_none() && planned.is_some())
            || matches!(&*stem(path, location), "server" | "client")
            || (certificate.purposes().and_then(Usage::of_purposes).is_some() && !beside.is_empty())
    };
    let has_leaf = all.iter().any(|one| !one.is_ca());
    // Of a file with CA certificates alone, a server or client has the first, and the rest is its chain.
    let is_first_leaf = !has_leaf
        && matches!((&group.locations[..], &all[..]), ([None, ..], [first, ..])
            if as_leaf || plays_leaf(None, first));
    let is_checked = |at: usize, certificate: &Certificate| {
        if is_first_leaf { at == 0 } else { !has_leaf || !certificate.is_ca() }
    };
    let leaves = if is_first_leaf { 1 } else { all.iter().filter(|one| !one.is_ca()).count() };
    let checked = all.iter().enumerate().filter(|(at, one)| is_checked(*at, one)).count();
    let new = |location: Option<&Location>, certificate| CheckTarget {
        file: path.to_owned(),
        known_as: known_as.clone().filter(|_| location.is_none()),
        subject: CheckSubject::new(place(path, location), certificate, Arc::clone(&pool)),
    };

    let mut targets = Vec::new();
    for (at, (location, certificate)) in group.locations.iter().zip(all).enumerate() {
        if !is_checked(at, certificate) {
            continue;
        }
        let location = location.as_ref();
        let mut target = new(location, Ok(certificate.clone()));
        let known_as = target.known_as.as_deref();
        let subject = &mut target.subject;
        subject.possible_issuers = index
            .as_ref()
            .map(|index| index.above(at).into_iter().chain(all.len()..pool.len()).collect());
        let the_ca = known_as == Some("ca") && !settings.ca.elsewhere;
        let stem = stem(path, location);
        let is_leaf = as_leaf
            || if certificate.is_ca() { plays_leaf(location, certificate) } else { !the_ca };
        subject.role = if is_leaf {
            let planned = planned.filter(|_| location.is_none()).map(|entry| entry.usage);
            leaf_role(certificate, &stem, args.usage, planned)
        } else if trust.anchors.contains(certificate) {
            CheckRole::TrustAnchor
        } else {
            CheckRole::Intermediate
        };
        if location.is_none() && checked > 1 {
            subject.name = format!("{}: {}. {}", subject.name, at + 1, certificate.subject());
        }
        subject.key = if let (Some(path), true) = (&args.key, is_leaf) {
            store::read_key(path)
        } else if let Some((location, summary)) = group.key(at) {
            store::key_of(path, location.as_ref(), summary.clone())
        } else if location.is_none() && leaves.max(1) == 1 {
            key_beside(path, certificate, &beside, is_leaf)
        } else {
            CertificateKey::not_expected()
        };
        subject.bundle = match group.chain(at) {
            Some(chain) => {
                Some(bundle::check_with_key(certificate, &chain, (&trust.anchors, inputs.at)))
            }
            None if location.is_some() || is_alone => None,
            None if leaves == 1 => {
                Some(bundle::check(certificate, all, (&trust.anchors, inputs.at)))
            }
            None => Some(Vec::new()),
        };
        let faults = group.faults(location);
        // Not for a manifest or a pipe.
        let is_whole_file = !faults.is_empty() && subject.name == path.shown() && path.is_file();
        subject.form = pem_form::findings(&faults, is_whole_file.then(|| path.typed()).as_deref());
        subject.secret_ca = secret_ca.clone().filter(|_| is_leaf && stem == "tls");
        targets.push(target);
    }
    targets.extend(group.broken.iter().map(|(location, reason)| {
        let mut target = new(location.as_ref(), Err(reason.clone()));
        if location.is_none() && !is_alone {
            target.subject.name.push_str(": certificate that cannot be read");
        }
        target
    }));
    targets
}

/// Whether a CA certificate is checked as a server or client: only if it was named. One that was found in a
/// directory is not checked for a host.
fn is_asked_as_leaf(path: &Path, known_as: Option<&str>, args: &CheckArgs) -> bool {
    let is_named = |target: &PathBuf| {
        target == path || known_as.is_some_and(|name| target.as_os_str() == name)
    };
    args.targets.iter().any(is_named)
        && (args.usage.is_some() || !args.host.is_empty() || !args.email.is_empty())
}

/// The key beside the only certificate of its kind in a file.
fn key_beside(
    path: &Path,
    certificate: &Certificate,
    beside: &[CertificateKey],
    is_leaf: bool,
) -> CertificateKey {
    let own = beside.iter().find(|key| key.belongs_to(certificate));
    match own.or(beside.first()) {
        Some(key) => key.clone(),
        None if is_leaf && path != Path::new("-") => {
            let path = path.with_extension("key");
            CertificateKey { name: path.shown(), path, status: KeyStatus::Missing }
        }
        None => CertificateKey::not_expected(),
    }
}

/// The name by which `renew` knows a file of the directory.
fn known_as(path: &Path, settings: &Settings) -> Option<String> {
    let identity = |path: &Path| fs::metadata(path).ok().map(|data| (data.dev(), data.ino()));
    let own = identity(path);
    let same = |other: &Path| path == other || (own.is_some() && identity(other) == own);
    if same(&settings.ca.certificate) {
        return Some("ca".to_owned());
    }
    let name: IdentityName = path.file_stem()?.to_str()?.parse().ok()?;
    same(&settings.store.path(&name.certificate_file())).then(|| name.to_string())
}

/// The name of the file without its extension; for a Secret, of the entry.
fn stem(path: &Path, location: Option<&Location>) -> String {
    let name = location.map_or(path, |location| Path::new(&location.entry));
    name.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn leaf_role(
    certificate: &Certificate,
    stem: &str,
    asked: Option<Usage>,
    planned: Option<Usage>,
) -> CheckRole {
    let (usage, known_from) = match (asked, planned, stem) {
        (Some(_), ..) => (asked, "as asked"),
        (None, Some(_), _) => (planned, "from the plan"),
        (None, None, "server") => (Some(Usage::Server), "assumed from its name"),
        (None, None, "client") => (Some(Usage::Client), "assumed from its name"),
        _ if certificate.purposes().is_none() => (None, "it has no extendedKeyUsage"),
        _ => (certificate.usage(), "from its extendedKeyUsage"),
    };
    CheckRole::Leaf { usage, known_from }
}
