//! helm and PyYAML, which read what `certctl render` printed. `helm/SERVICE` is a chart of our own that
//! uses values as the vendor's does.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{
    peer::{fixture, installed},
    sandbox::{Run, Sandbox},
};

/// The manifests that the chart of a service makes of a values file in the sandbox, by their kind.
pub struct Manifests(Vec<Value>);

/// `None`: helm or PyYAML is not installed, which was said.
pub fn template(sandbox: &Sandbox, service: &str, values: &str) -> Option<Manifests> {
    let helm = installed("kube/helm", "helm")?;
    let mut command = Command::new(helm);
    command.args(["template", "release", &fixture(&format!("helm/{service}")), "-f", values]);
    // Its caches stay in the sandbox.
    command.current_dir(sandbox.dir()).env("HOME", sandbox.dir()).stdin(Stdio::null());
    for folder in ["CACHE", "CONFIG", "DATA"] {
        command.env(format!("HELM_{folder}_HOME"), sandbox.path("helm"));
    }
    let run = Run::of(&mut command);
    run.code(0);
    yaml(sandbox, &run.stdout()).map(Manifests)
}

/// The documents of a YAML text, as PyYAML reads them (YAML 1.1, as kubectl and Compose; no tags but those of
/// plain data).
pub fn yaml(sandbox: &Sandbox, text: &str) -> Option<Vec<Value>> {
    let python = installed("kube/bin/python", "PyYAML")?;
    let script = "import json, sys, yaml\n\
        json.dump(list(yaml.safe_load_all(open(sys.argv[1], encoding='utf-8'))), sys.stdout)";
    sandbox.write("read.yaml", text);
    let file = sandbox.path("read.yaml");
    let run = Run::of(Command::new(python).args(["-c", script]).arg(file).stdin(Stdio::null()));
    run.code(0);
    Some(serde_json::from_str(&run.stdout()).unwrap())
}

impl Manifests {
    /// The only one of its kind.
    pub fn one(&self, kind: &str) -> &Value {
        let mut found = self.0.iter().filter(|manifest| manifest["kind"] == kind);
        let manifest = found.next().unwrap_or_else(|| panic!("no {kind} among {:#?}", self.0));
        assert!(found.next().is_none(), "more than one {kind}");
        manifest
    }
}
