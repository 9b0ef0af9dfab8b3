//! The settings: what is read, what is refused and where, and that every key is documented.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn read(text: &str, env: &[(&str, &str)]) -> Result<Settings> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vouchsafe.toml");
    std::fs::write(&file, text).unwrap();
    Settings::read(Some(&file), &env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

#[test]
fn nothing_said_gives_the_defaults() {
    assert_eq!(read("", &[]).unwrap(), Settings::default());
    assert_eq!(Settings::read(None, &BTreeMap::new()).unwrap(), Settings::default());
}

#[test]
fn a_wrong_key_or_value_is_named_with_file_and_line() {
    let cases = [
        ("listen = \"127.0.0.1:80\"\nlisen = 1\n", ":2: ", "lisen"),
        ("\n\n[mail]\nsmpt = \"x\"\n", ":4: ", "smpt"),
        ("[sessions]\nidle_minutes = \"ten\"\n", ":2: ", "string"),
        ("[sessions]\n# so long\nidle_minutes = 0\n", ":3: ", "sessions.idle_minutes"),
        ("\nlisten = \"everywhere\"\n", ":2: ", "listen"),
        ("public_url = \"suppliers.authority.example\"\n", ":1: ", "public_url"),
        ("[authority]\nname = \"A\"\nzone = \"Mars/Olympus\"\n", ":3: ", "authority.zone"),
        ("[authority]\nhome = []\n", ":2: ", "authority.home"),
        ("[authority]\nhome = [\"GB\", \"Atlantis\"]\n", ":2: ", "Atlantis"),
        ("[authority]\ncurrency = \"pounds\"\n", ":2: ", "authority.currency"),
        ("database = \"mysql://user:hush@db/x\"\n", ":1: ", "sqlite: or postgres://"),
        ("mail.smtp = \"mail.authority.example\"\n", ":1: ", "smtps://"),
        ("mail = { from = \"nobody\" }\n", ":1: ", "mail.from"),
        ("[checkpoints]\nmail = [\"a@b.example\", \"nowhere\"]\n", ":2: ", "nowhere"),
        ("[checkpoints]\nevery_minutes = 100000\n", ":2: ", "checkpoints.every_minutes"),
        ("[webhooks]\nkeep_days = 0\n", ":2: ", "webhooks.keep_days"),
        ("[limits]\nform_kib = 0\n", ":2: ", "limits.form_kib"),
        ("log = \"loud\"\n", ":1: ", "loud"),
        ("log_level = \"debug\"\n", ":1: ", "debug"),
        ("listen = \n", ":1: ", ""),
    ];
    for (text, line, named) in cases {
        let said = read(text, &[]).err().unwrap_or_else(|| panic!("accepted: {text}")).to_string();
        assert!(said.contains(&format!("vouchsafe.toml{line}")) && said.contains(named), "{text}: {said}");
        assert!(!said.contains("hush"), "a password was shown: {said}");
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let env = [
        ("VOUCHSAFE_LISTEN", "127.0.0.1:9"),
        ("VOUCHSAFE_PUBLIC_URL", "https://suppliers.authority.example"),
        ("VOUCHSAFE_MAIL_SMTP", "smtps://mail.authority.example"),
        ("VOUCHSAFE_SESSIONS_IDLE_MINUTES", "7"),
        ("VOUCHSAFE_SESSIONS_SECOND_FACTOR", "true"),
        ("VOUCHSAFE_AUTHORITY_HOME", "GB, IE"),
        ("VOUCHSAFE_CHECKPOINTS_MAIL", ""),
        ("VOUCHSAFE_LOG", "json"),
        ("VOUCHSAFE_SHARED", "not a setting"),
        ("PATH", "/bin"),
    ];
    let settings = read("listen = \"127.0.0.1:8\"\n[checkpoints]\nmail = [\"a@b.example\"]\nevery_minutes = 5\n", &env).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:9");
    assert!(settings.secure() && settings.sessions.second_factor);
    assert_eq!((settings.sessions.idle_minutes, settings.checkpoints.every_minutes), (7, 5));
    assert_eq!(settings.authority.home, ["GB", "IE"]);
    assert!(settings.checkpoints.mail.is_empty());
    assert_eq!(settings.log, LogFormat::Json);
}

#[test]
fn a_wrong_variable_is_named() {
    let cases = [
        ("VOUCHSAFE_LISEN", "x", "no such setting"),
        ("VOUCHSAFE_SESSIONS_IDLE_MINUTES", "soon", "whole number"),
        ("VOUCHSAFE_SESSIONS_IDLE_MINUTES", "0", "between 1"),
        ("VOUCHSAFE_SESSIONS_SECOND_FACTOR", "yes", "true or false"),
        ("VOUCHSAFE_LOG", "loud", "loud"),
        ("VOUCHSAFE_LISTEN", "here", "127.0.0.1:8080"),
        ("VOUCHSAFE_AUTHORITY_ZONE", "Mars", "no time zone"),
    ];
    for (name, value, named) in cases {
        let said = read("", &[(name, value)]).err().unwrap_or_else(|| panic!("accepted: {name}={value}")).to_string();
        assert!(said.starts_with(&format!("{name}: ")) && said.contains(named), "{name}={value}: {said}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let said = Settings::read(Some(Path::new("no-such.toml")), &BTreeMap::new()).err().unwrap().to_string();
    assert!(said.contains("no-such.toml"), "{said}");
}

#[test]
fn every_key_is_documented_with_its_variable_and_default_and_no_other() {
    let page = include_str!("../../../../docs/configuration.md");
    let wanted: Vec<String> = Settings::default()
        .flat()
        .unwrap()
        .into_iter()
        .map(|(key, value)| format!("| `{key}` | `{}` | `{value}` | ", variable(&key)))
        .collect();
    for row in &wanted {
        let line = page.lines().find(|l| l.starts_with(row.as_str())).unwrap_or_else(|| panic!("docs/configuration.md lacks: {row}"));
        assert!(line.len() > row.len() + 10, "say what it does: {line}");
    }
    let documented = page.lines().filter(|l| l.contains("| `VOUCHSAFE_")).count();
    assert_eq!(documented, wanted.len(), "docs/configuration.md names a key that there is not");
}
