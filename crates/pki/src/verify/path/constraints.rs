//! Name constraints: whether a CA allows the names below it (RFC 5280 sections 4.2.1.10, 6.1.3 (b)
//! and (c)).

use super::{Violation, issuer_graph::IssuerGraph};
use crate::{
    verify::clients::Defect,
    x509::name_constraints::{
        ComparedValue, NameConstraints, NameForm, SubjectName, Subtree, SubtreeBase,
    },
};

/// The maximum number of comparisons of a name with a subtree in one validation. Real sets need
/// hundreds; more is an attempt to keep the verifier busy.
pub(super) const COMPARISONS: usize = 1 << 20;

/// The names of `below` (leaf first) that `issuer` does not allow; one violation for each certificate.
pub(super) fn check<'n>(
    issuer: &IssuerGraph<'_>,
    below: impl Iterator<Item = &'n IssuerGraph<'n>>,
    comparisons: &mut usize,
) -> Vec<Violation> {
    let Some(constraints) = issuer.constraints() else { return Vec::new() };
    let subtrees = constraints.permitted.len() + constraints.excluded.len();
    let mut violations = Vec::new();
    for (at, node) in below.enumerate() {
        // Self-issued CA certificates are exempt (6.1.3 (b)); the leaf is always checked.
        if at > 0 && node.is_self_issued() {
            continue;
        }
        let names = node.names().unwrap_or_default();
        let effort = names.iter().map(weight).sum::<usize>().saturating_mul(subtrees);
        let refusal = if effort > *comparisons {
            let text = "has more names than can be compared with the constraints".to_owned();
            Some((NameForm::Foreign(0), text))
        } else {
            *comparisons -= effort;
            names.iter().find_map(|name| Some((name.form, refusal(constraints, name)?)))
        };
        if let Some((form, refusal)) = refusal {
            let defect = match form {
                NameForm::Dns | NameForm::Ip if issuer.is_anchor() => Defect::AnchorNameConstraints,
                NameForm::Dns | NameForm::Ip => Defect::NameConstraints,
                _ => Defect::OtherNameConstraints,
            };
            let detail = format!("{refusal} of `{}`", issuer.certificate.subject());
            violations.push(Violation::new(defect, node.link, detail));
        }
    }
    violations
}

/// A directory name is compared attribute by attribute.
fn weight(name: &SubjectName) -> usize {
    match &name.value {
        Some(ComparedValue::Directory(name)) => name.attributes(),
        _ => 1,
    }
}

/// Why a name is not allowed, if so.
fn refusal(constraints: &NameConstraints, name: &SubjectName) -> Option<String> {
    let of_form = |subtree: &&Subtree| subtree.form == name.form;
    let mut permitted = constraints.permitted.iter().filter(of_form).peekable();
    let mut excluded = constraints.excluded.iter().filter(of_form).peekable();
    if permitted.peek().is_none() && excluded.peek().is_none() {
        return None;
    }

    let Some(value) = &name.value else {
        return Some(match name.form {
            NameForm::Foreign(_) => {
                format!("has {}, which cannot be compared with the constraints", name.text)
            }
            _ => format!("has {}, which is none and cannot be within the constraints", name.text),
        });
    };
    let matches = |subtree: &Subtree, wide| {
        subtree
            .base
            .as_ref()
            .is_none_or(|base| if wide { meets(base, value) } else { holds(base, value) })
    };
    if excluded.any(|subtree| matches(subtree, true)) {
        return Some(format!("has {}, which is excluded by the constraints", name.text));
    }
    let is_permitted = permitted.peek().is_none()
        || permitted.any(|subtree| subtree.base.is_some() && matches(subtree, false));
    (!is_permitted).then(|| format!("has {}, which is not permitted by the constraints", name.text))
}

/// Whether the whole of the name is within the subtree.
fn holds(base: &SubtreeBase, value: &ComparedValue) -> bool {
    match (base, value) {
        (SubtreeBase::Host { host, below_only }, ComparedValue::Dns(name)) => {
            domain_holds(host, *below_only, true, name)
        }
        (SubtreeBase::Email { local, host }, ComparedValue::Email { local: name, host: at }) => {
            local == name && host == at
        }
        (
            SubtreeBase::Host { host, below_only },
            ComparedValue::Email { host: name, .. } | ComparedValue::Uri { host: name },
        ) => domain_holds(host, *below_only, false, name),
        (SubtreeBase::Ip { network, mask }, ComparedValue::Ip(address)) => {
            network.len() == address.len()
                && network
                    .iter()
                    .zip(address)
                    .zip(mask)
                    .all(|((network, octet), mask)| network & mask == octet & mask)
        }
        (SubtreeBase::Directory(base), ComparedValue::Directory(name)) => name.is_within(base),
        _ => false,
    }
}

/// Whether a name that `value` matches is within the subtree: a wildcard matches many.
fn meets(base: &SubtreeBase, value: &ComparedValue) -> bool {
    if let (SubtreeBase::Host { host, below_only: false }, ComparedValue::Dns(name)) = (base, value)
        && let (Some(parent), Some((_, base_parent))) =
            (name.strip_prefix("*."), host.split_once('.'))
        && parent == base_parent
    {
        return true;
    }
    holds(base, value)
}

/// `below`: whether hosts below `host` are within also without a leading dot.
fn domain_holds(host: &str, below_only: bool, below: bool, name: &str) -> bool {
    if host.is_empty() {
        return true;
    }
    let is_below =
        || name.strip_suffix(host).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1);
    if below_only { is_below() } else { name == host || below && is_below() }
}
