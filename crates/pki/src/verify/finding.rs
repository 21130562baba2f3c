//! Findings: a violation with the clients that refuse it, and a hint; the results of aspects.

use super::{
    clients::{Client, Defect},
    rule::{Aspect, Rule, Severity},
};
use crate::x509::certificate::Certificate;

/// A violation of one certificate, ready for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What breaks it.
    pub defect: Defect,
    /// What is wrong: a lower-case fragment that follows the name of the file. Safe on a terminal.
    /// [`Defect::clients`] has the clients that refuse it.
    pub message: String,
    /// Whether it is about a CA of the certificate, and not about the certificate itself.
    pub above: bool,
    /// The public key of that CA (`SubjectPublicKeyInfo`, DER), if it is known.
    pub ca_key: Option<Vec<u8>>,
    /// The requested name that the certificate does not have, as a SAN: `localhost`,
    /// `email:ops@example.com`.
    pub name: Option<String>,
    /// A command that fixes it.
    pub hint: Option<String>,
    /// That of the rule, unless it depends on the details.
    severity: Severity,
}

impl Finding {
    /// A finding with this message.
    pub fn new(defect: Defect, message: impl Into<String>) -> Self {
        Self {
            rule: defect.rule(),
            defect,
            message: message.into(),
            above: false,
            ca_key: None,
            name: None,
            hint: None,
            severity: defect.severity(),
        }
    }

    /// The same finding with the clients that refuse it in the message: those of `only`, or all if it is
    /// empty.
    #[must_use]
    pub fn naming_clients(mut self, only: &[Client]) -> Self {
        if let Some(clients) = self.defect.clients(only) {
            self.message.push_str(": ");
            self.message.push_str(&clients);
        }
        self
    }

    /// The same finding about a CA of the certificate, with the name of the CA in the message.
    #[must_use]
    pub fn above(mut self, ca: &Certificate) -> Self {
        self.message = format!("its CA `{}` {}", ca.subject(), self.message);
        self.above = true;
        self.ca_key = Some(ca.public_key().spki().to_vec());
        self
    }

    /// The same finding with a command that fixes it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same finding with another severity than that of its defect.
    #[must_use]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The severity: that of the defect, unless [`Finding::at`] changed it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }
}

/// The result of one aspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AspectResult {
    /// What was checked.
    pub aspect: Aspect,
    /// The text that is shown if there is no finding on it.
    pub fact: String,
    /// Whether it could not be checked, or does not count.
    pub skipped: bool,
}

impl AspectResult {
    /// An aspect that was checked.
    pub fn new(aspect: Aspect, fact: impl Into<String>) -> Self {
        Self { aspect, fact: fact.into(), skipped: false }
    }

    /// The same, not counted.
    pub fn skipped(aspect: Aspect, fact: impl Into<String>) -> Self {
        Self { skipped: true, ..Self::new(aspect, fact) }
    }
}
