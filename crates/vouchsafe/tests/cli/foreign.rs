//! Questionnaires of others as forms of a pack, from the command line.

use super::run;

const VSAQ: &str = r#"// Somebody's questionnaire.
// With comments at its top.
{"questionnaire": [{"type": "block", "text": "Boats", "items": [
  {"type": "radiogroup", "id": "sails", "text": "Has it sails?", "choices": [{"sails_yes": "Yes"}, {"sails_no": "No"}]},
  {"type": "box", "id": "rig", "cond": "sails_yes", "text": "Which rig?"},
  {"type": "tip", "id": "warn", "cond": "sails_no", "warn": "yes", "name": "No sails", "text": "A boat needs some.", "why": "Please explain.", "severity": "high"}
]}]}"#;

/// OFF-6: a questionnaire becomes a form of a new pack, which the checker takes; another becomes part of it; nothing is written over.
#[test]
fn off_6_a_questionnaire_becomes_part_of_a_pack() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("boats.json"), VSAQ).unwrap();
    let (code, out, err) = run(&["import", "form", &at("boats.json")]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("form: boats") && out.contains("sails_yes"), "{out}");
    let (code, out, err) = run(&["import", "form", &at("boats.json"), "--into", &at("harbour")]);
    assert_eq!(code, 0, "{err}");
    assert!(out.ends_with("forms/boats.yaml: 1 sections, 3 questions\n"), "{out}");
    let (code, out, err) = run(&["rules", "check-pack", &at("harbour")]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\"questions\": 3"), "{out}");
    // Once more: refused, unless its sections are to be added; then its ids clash, and the pack stays as it was.
    let before = std::fs::read_to_string(at("harbour/forms/boats.yaml")).unwrap();
    let (code, _, err) = run(&["import", "form", &at("boats.json"), "--into", &at("harbour")]);
    assert!(code == 2 && err.contains("has this form already"), "{err}");
    let (code, _, err) = run(&["import", "form", &at("boats.json"), "--into", &at("harbour"), "--append"]);
    assert!(code == 2 && err.contains("is used twice"), "{err}");
    assert_eq!(std::fs::read_to_string(at("harbour/forms/boats.yaml")).unwrap(), before);
    std::fs::write(
        at("more.json"),
        VSAQ.replace("Boats", "Oars").replace("sails", "oars").replace("\"rig\"", "\"oars_kind\"").replace("\"warn\",", "\"warn_oars\","),
    )
    .unwrap();
    let (code, _, err) =
        run(&["import", "form", &at("more.json"), "--into", &at("harbour"), "--name", "boats", "--append", "--edition", "2"]);
    assert_eq!(code, 0, "{err}");
    let after = std::fs::read_to_string(at("harbour/forms/boats.yaml")).unwrap();
    assert!(after.starts_with(before.trim_end()), "what stood stands");
    let (_, out, _) = run(&["rules", "check-pack", &at("harbour")]);
    assert!(out.contains("\"questions\": 6") && out.contains("\"edition\": \"2\""), "{out}");
}

/// OFF-6: what cannot be kept is told with file and line, and nothing is written.
#[test]
fn off_6_what_cannot_be_kept_of_a_questionnaire_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("song.json"), VSAQ.replace("\"box\"", "\"song\"")).unwrap();
    let (code, out, err) = run(&["import", "form", &at("song.json"), "--into", &at("harbour")]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains(&format!("{}:5: The type `song` is not known", at("song.json"))), "{err}");
    assert!(!folder.path().join("harbour").exists());
    std::fs::write(at("broken.json"), VSAQ.replace("\"Has it sails?\",", "\"Has it sails?\"")).unwrap();
    let (code, _, err) = run(&["import", "form", &at("broken.json")]);
    assert_eq!(code, 2);
    assert!(err.contains(&format!("{}:4: The file is not well-formed JSON", at("broken.json"))), "{err}");
    assert_eq!(run(&["import", "form", &at("nowhere.json")]).0, 2);
}

/// OFF-6: every questionnaire that is at hand becomes a pack; the two that are malformed are refused with their line.
#[test]
fn off_6_published_questionnaires_become_packs() {
    let Some(data) = testkit::shared_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let pack = |name: &str| folder.path().join(name).display().to_string();
    let file = |name: &str| data.join(name).display().to_string();
    let questionnaires =
        std::fs::read_dir(data.join("questionnaires")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut made = 0;
    for name in questionnaires.filter(|name| name.ends_with(".json")) {
        let own = pack(&name.replace(".json", ""));
        let (code, _, err) = run(&["import", "form", &file(&format!("questionnaires/{name}")), "--name", "questions", "--into", &own]);
        if ["vsaq_security_privacy_programs.json", "vsaq_webapp.json"].contains(&name.as_str()) {
            assert!(code == 2 && err.contains(&format!("{name}:")) && err.contains("not well-formed JSON"), "{err}");
            continue;
        }
        assert_eq!(code, 0, "{name}: {err}");
        let (code, _, err) = run(&["rules", "check-pack", &own]);
        assert_eq!(code, 0, "{name}: {err}");
        made += 1;
    }
    assert_eq!(made, 7);
    let (questions, manifests) = (file("gcloud_questions/gcloud13_questions.json"), file("gcloud_questions/gcloud13_manifests.json"));
    let (code, out, err) = run(&["import", "form", &questions, &manifests, "--name", "cloud", "--into", &pack("cloud")]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("266 questions"), "{out}");
    assert!(err.lines().all(|line| line.starts_with("note: ")), "{err}");
    assert_eq!(run(&["rules", "check-pack", &pack("cloud")]).0, 0);
}
