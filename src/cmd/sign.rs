//! `certctl sign FILE --usage U`: signs a CSR.

use std::path::Path;

use pki::{
    input::{self, PkiObject},
    x509::{certificate::Certificate, csr::Csr, san::San, validity::Lifetime},
};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{check_clock, issue_context::issue_one};
use crate::{
    cli::SignArgs,
    config::Settings,
    error::Error,
    hint::Hint,
    issue::{
        changes::{IssueTask, KeySource},
        csr_notes::differences,
        csr_rules::{ApprovedNames, CsrRefusal, check, check_beside_ca},
        error::IssueError,
        existing::refuse_existing,
        identity::{Identity, IdentityName, ScanResult, read_key},
        spec,
        state::hint::free_name,
    },
    path_text::PathText as _,
    report::Outcome,
    store::{self, Store},
};

pub(crate) fn run(
    args: &SignArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let name = name(args)?;
    settings.require_ca()?;
    let request = read(&args.file)?;
    let refused = |source: CsrRefusal| refused(&args.file, source);
    check(&request).map_err(refused)?;
    let names = names(args, settings, &name, &request)?;
    let subject = names.subject.clone();

    let public_key = request.public_key().clone();
    let mut issued = issue_one("sign", settings, now, |authority, store| {
        let ca = authority.certificate();
        check_beside_ca(&request, &subject, ca).map_err(refused)?;
        let lifetime = Lifetime::Days(settings.signed_days(args.days));
        let validity = spec::validity(name.as_str(), lifetime, now, ca.validity())?;
        refuse_taken(store, &name, &request, ca)?;
        refuse_other_key(args, store, &name, &request)?;
        Ok(IssueTask {
            name: name.clone(),
            request: names.request(args.usage, validity),
            key: KeySource::Kept(public_key),
            replaces: None,
        })
    })?;

    issued.notes.extend(differences(&args.file, &request, &subject.to_string(), args.usage));
    if issued.certificates.iter().all(|item| item.key.is_none()) {
        issued.next = Some(
            Hint::from(
                "send it, with the CA certificate, to the owner of the key; before it expires, ",
            )
            .run(format!("renew {name} --reuse-key"))
            .then(" signs the same key again"),
        );
    }
    Ok(Outcome::Issued(Box::new(issued)))
}

/// Nothing is overwritten.
fn refuse_taken(
    store: &Store,
    name: &IdentityName,
    request: &Csr,
    ca: &Certificate,
) -> Result<(), IssueError> {
    let taken = [name.certificate_file()];
    let free = free_name(store, name.as_str(), None, &[]);
    let another = free.map(|free| format!("choose another name: `--name {free}`").into());
    match refuse_existing(store, &taken, name, Some(ca)) {
        Err(IssueError::Exists { paths, hint }) => {
            let is_same = match Identity::find(store, ca, name, false) {
                ScanResult::Member(member) => {
                    member.certificate.public_key() == request.public_key()
                }
                _ => false,
            };
            let again =
                Hint::from("sign the same key again: ").run(format!("renew {name} --reuse-key"));
            let hints = [is_same.then_some(again), another].into_iter().flatten();
            let better = hints.reduce(|one, other| one.then("; or ").and(other));
            Err(IssueError::Exists { paths, hint: better.unwrap_or(hint) })
        }
        other => other,
    }
}

fn refused(file: &Path, source: CsrRefusal) -> Error {
    Error::Refused { file: file.to_owned(), source }
}

/// `--name`, or the name of the file.
fn name(args: &SignArgs) -> Result<IdentityName, Error> {
    let hint = || Some("give the base name of the certificate file: `--name NAME`".into());
    if let Some(name) = &args.name {
        return Ok(name.clone());
    }
    let file = &args.file;
    // The name of `/dev/fd/63` is 63, which has no meaning.
    if store::is_stdin(file) || (file.exists() && !file.is_file()) {
        let message = format!("`{}` has no file name to use", file.shown());
        return Err(Error::usage(message, hint()));
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    stem.parse().map_err(|error| {
        Error::usage(format!("the file name of `{}` cannot be used: {error}", file.shown()), hint())
    })
}

/// The only CSR of the file.
fn read(file: &Path) -> Result<Csr, Error> {
    let path = || file.to_owned();
    // The file may have the private key beside the CSR.
    let mut content = Zeroizing::new(Vec::new());
    store::fetch(file, &mut content).map_err(|source| source.at(path()))?;
    let found = input::read(&content, None)
        .map_err(|source| IssueError::Unrecognised { path: path(), source })?;

    let mut requests = Vec::new();
    let mut other = None;
    for input::LocatedObject { location: within, object, .. } in found {
        match object {
            PkiObject::Request(request) => requests.push(*request),
            PkiObject::Broken { what, reason } => {
                return Err(IssueError::malformed(file, within.as_ref(), what, reason).into());
            }
            PkiObject::Misplaced(_) => {}
            PkiObject::Certificate(_) => other = Some("a certificate"),
            PkiObject::RevocationList(_) => other = Some("a CRL"),
            PkiObject::PublicKey(_) => other = Some("a public key"),
            PkiObject::PrivateKey(_) => other = other.or(Some("a private key")),
        }
    }
    let count = requests.len();
    match (requests.pop(), count) {
        (Some(request), 1) => Ok(request),
        (Some(_), _) => Err(Error::NoRequest {
            path: path(),
            reason: format!("it has {count}: write each to its own file"),
        }),
        (None, _) => Err(Error::NoRequest {
            path: path(),
            reason: format!("it holds {}", other.unwrap_or("something else")),
        }),
    }
}

fn names(
    args: &SignArgs,
    settings: &Settings,
    name: &IdentityName,
    request: &Csr,
) -> Result<ApprovedNames, Error> {
    let refused = |source| refused(&args.file, source);
    let sans = args.sans();
    if args.accept_names {
        let names = ApprovedNames::accept(request, &sans).map_err(refused)?;
        if args.usage.serves() && names.is_empty() {
            let common_name = names.subject.common_name().unwrap_or_default();
            return Err(IssueError::NoServerName { name: name.to_string(), common_name }.into());
        }
        return Ok(names);
    }
    let Some(common_name) = args.cn.clone().or_else(|| sans.first().map(San::value)) else {
        return Err(refused(ApprovedNames::none_given(request)));
    };
    let base = settings.base_subject(name)?;
    let subject = spec::subject(name, &base, &common_name)?;
    let names = spec::names(name, &common_name, &sans, args.usage)?;
    ApprovedNames::given(request, &subject, &names).map_err(refused)
}

/// An existing key of that name must belong to the CSR: else certificate and key would not belong together.
fn refuse_other_key(
    args: &SignArgs,
    store: &Store,
    name: &IdentityName,
    request: &Csr,
) -> Result<(), Error> {
    let wanted = name.key_file();
    let files = store.files()?;
    for file in files.iter().filter(|file| file.eq_ignore_ascii_case(&wanted)) {
        let key = store.path(file);
        if read_key(store, &key)?.public() != request.public_key() {
            return Err(Error::OtherKey { request: args.file.clone(), key });
        }
    }
    Ok(())
}
