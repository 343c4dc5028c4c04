//! Deleting the users of an app.

use crate::server::Variant;
use crate::server::status;
use crate::sync::stage::{Setting, Stage};
use crate::world::Outcome;
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn a_deletion_without_an_answer_is_repeated_and_succeeds() {
    for (cut, retries) in [(true, 1), (false, 1), (true, 3)] {
        let stage = Stage::new(0, Variant::plain(5), Setting { max_retries: retries, ..Setting::default() });
        stage.server.add_user("anna");
        let lost = Rc::new(Cell::new(true));
        stage.server.set_judge(move |_| {
            lost.replace(false)
                .then(|| if cut { Outcome::Cut { sent: true } } else { Outcome::Reply(status(502)) })
        });
        let program = stage.program();
        let app = program.app;
        stage.world.run(async { app.delete_user("anna", &Abort::new()).await.unwrap() });
        assert!(!stage.server.has_user("anna"));
        assert_eq!(stage.network.requests(), 2);
    }
}

#[test]
fn deleting_a_user_who_does_not_exist_fails() {
    let delete = |judge: fn(usize) -> Option<Outcome>| {
        let stage = Stage::new(0, Variant::plain(5), Setting::default());
        let asked = Cell::new(0);
        stage.server.set_judge(move |_| judge(asked.replace(asked.get() + 1)));
        let app = stage.program().app;
        let error = stage.world.run(async { app.delete_user("nobody", &Abort::new()).await.unwrap_err() });
        assert!(matches!(&error, Error::Api(error) if error.status == 404), "{error:?}");
    };
    delete(|_| None);
    // 503 and 429 mean that nothing was done, and so does a connection that broke before anything was sent.
    delete(|number| (number == 0).then(|| Outcome::Reply(status(503))));
    delete(|number| (number == 0).then(|| Outcome::Reply(status(429))));
    delete(|number| (number == 0).then_some(Outcome::Cut { sent: false }));
}
