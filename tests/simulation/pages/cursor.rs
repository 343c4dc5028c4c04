//! The text of cursors.

use crate::pages::servers::{read_list, shared};
use crate::server::{MovingList, PagedServer};
use humansync::pages::People;

#[test]
fn a_cursor_is_short_and_has_only_characters_that_are_safe_in_urls() {
    let list = shared(MovingList::with_ids(2000));
    let (whole, _, _) = read_list(&list, 7, People::One, PagedServer::new(&list));
    for page in whole.pages {
        assert!(page.cursor.to_text().len() <= 500, "{} characters", page.cursor.to_text().len());
        assert!(
            page.cursor.to_text().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
    }
}
