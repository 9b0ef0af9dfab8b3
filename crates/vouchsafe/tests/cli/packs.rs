//! Editions of packs from the command line, and through backup and restore.

use std::path::Path;

use super::{data, mode, run};

/// The built-in pack in a folder, as another edition, with one more change.
fn edition(folder: &Path, name: &str, from: &str, to: &str) -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/offshoring");
    let at = folder.join(format!("offshoring-{name}"));
    std::fs::create_dir_all(at.join("forms")).unwrap();
    std::fs::copy(own.join("forms/proposal.yaml"), at.join("forms/proposal.yaml")).unwrap();
    let text = std::fs::read_to_string(own.join("pack.yaml")).unwrap();
    assert!(text.contains(from));
    let text = text.replacen("edition: \"2026.1\"", &format!("edition: \"{name}\""), 1).replacen(from, to, 1);
    std::fs::write(at.join("pack.yaml"), text).unwrap();
    at.display().to_string()
}

/// OFF-2, OWN-4: a pack is checked, compared, installed and put in use from the command line; a backup has it, and so has what is restored.
#[test]
fn off_2_a_pack_is_installed_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let (path, at) = data(&folder);
    let new = edition(folder.path(), "2027.1", "value: 10, unit: people", "value: 12, unit: people");
    let (code, out, err) = run(&["pack", "check", &new]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("offshoring 2027.1 of 2026-11-22: ") && out.ends_with("no fault\n"), "{out}");
    let broken = edition(folder.path(), "2027.9", "owed_by: supplier", "owed_by: nobody_at_all");
    for args in [["pack", "check", &broken], ["pack", "install", &broken], ["pack", "diff", &broken]] {
        let (code, out, err) = run(&args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("pack.yaml:54: "), "{err}");
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/offshoring").display().to_string();
    let (code, out, _) = run(&["pack", "diff", &new, &own]);
    assert_eq!(code, 0);
    assert!(out.contains("~ thresholds: short_path_people") && out.contains("value: 10.0 -> 12.0"), "{out}");
    let (code, out, _) = run(&["pack", "diff", &new, &own, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["to"]), (0, &"2027.1".into()));
    // With a service: nothing is there before it is set up.
    assert_eq!(run(&["pack", "list", "--data", &at]).0, 2);
    assert_eq!(run(&["init", "--data", &at, "--email", "ada@authority.example", "--name", "Ada Penhallow"]).0, 0);
    assert_eq!(mode(&path), 0o700);
    let (code, out, err) = run(&["pack", "diff", &new, "--data", &at]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("from 2026.1 to 2027.1\n") && out.contains("0 contracts name it"), "{out}");
    let (code, out, err) = run(&["pack", "install", &new, "--data", &at]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("installed offshoring 2027.1"), "{out}");
    let (code, _, err) = run(&["pack", "install", &new, "--data", &at]);
    assert!(code == 2 && err.contains("installed already"), "{code} {err}");
    let other = edition(folder.path(), "2027.1", "value: 10, unit: people", "value: 15, unit: people");
    let (code, _, err) = run(&["pack", "install", &other, "--data", &at]);
    assert!(code == 2 && err.contains("An edition never changes"), "{code} {err}");
    assert_eq!(run(&["pack", "use", "offshoring", "2031.1", "--reason", "why", "--data", &at]).0, 2);
    assert_eq!(run(&["pack", "use", "offshoring", "2027.1", "--reason", "Agreed", "--data", &at]).0, 0);
    let (_, listed, _) = run(&["pack", "list", "--data", &at]);
    assert!(
        listed.contains("offshoring\t2027.1\tcurrent\tinstalled\t") && listed.contains("offshoring\t2026.1\tearlier\tbuilt-in\t"),
        "{listed}"
    );
    let (_, out, _) = run(&["doctor", "--offline", "--data", &at]);
    assert!(out.contains("1 installed editions of packs are as they were installed"), "{out}");
    // Lost and restored.
    let text = |name: &str| folder.path().join(name).display().to_string();
    let (code, _, err) = run(&["backup", &text("backup"), "--keys", &text("kept"), "--data", &at]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(&["restore", &text("backup"), "--keys", &text("kept"), "--data", &text("again")]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(run(&["pack", "list", "--data", &text("again")]).1, listed);
    assert_eq!(run(&["pack", "withdraw", "offshoring", "2026.1", "--reason", "Old", "--data", &text("again")]).0, 0);
    assert!(run(&["pack", "list", "--data", &text("again")]).1.contains("offshoring\t2026.1\twithdrawn\t"));
}
