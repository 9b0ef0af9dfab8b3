//! Names of files. The extractor itself is driven through pages that take uploads.

use super::plain_name;

#[test]
fn names_of_files_lose_their_folders() {
    for (chosen, name) in [
        ("releases.json", "releases.json"),
        ("C:\\fakepath\\releases.json", "releases.json"),
        ("../../etc/passwd", "passwd"),
        ("a\u{0}b\n.json", "ab.json"),
        ("", "-"),
        ("dir/", "-"),
    ] {
        assert_eq!(plain_name(chosen), name, "{chosen:?}");
    }
    assert_eq!(plain_name(&"x".repeat(999)).len(), 200);
}
