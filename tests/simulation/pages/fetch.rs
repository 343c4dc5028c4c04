//! Answers that are not lists, and answers that have lost their Link field on the way.

use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::{read_list, shared};
use crate::server::{Document, LinkForm, MovingList, PagedServer, Totals, ok};
use crate::setup::Setup;
use crate::world::{Conditions, Network, Outcome, Server, World};
use humansync::http::Request;
use humansync::pages::People;

#[test]
fn a_document_that_is_not_a_list_is_a_protocol_error() {
    for document in [Document::Object("x".to_owned()), Document::Blank] {
        let world = World::new(0);
        let network =
            Network::new(&world, Conditions::uneven(), move |_: &_| Outcome::Reply(ok(document.clone())));
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(50))));
        assert_eq!(reading.protocol_error(), "not-a-list");
        assert_eq!(network.requests(), 1);
    }
}

#[test]
fn a_list_that_is_followed_by_links_only_survives_an_answer_without_its_link() {
    let list = shared(MovingList::with_ids(300));
    let mut server =
        PagedServer { totals: Totals::Hidden, links: LinkForm::Opaque, ..PagedServer::new(&list) };
    let mut requests = 0;
    let server = move |request: &Request| {
        requests += 1;
        let mut outcome = server.answer(request);
        if let Outcome::Reply(response) = &mut outcome
            && requests == 3
        {
            response.headers.link = None;
        }
        outcome
    };
    let (reading, _, _) = read_list(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..300).collect::<Vec<_>>());
}
