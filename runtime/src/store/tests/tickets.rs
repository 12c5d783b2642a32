//! Tickets: taken once.

use super::*;

#[test]
fn tickets_are_taken_once_and_never_after_their_time() {
    on_every_store(async |store| {
        let ticket =
            |id: &str, at| Ticket { id: id.to_owned(), payload: Secret::new("p-canary"), expires_at: instant(at) };
        store.put_ticket(ticket("one", 100)).await.unwrap();
        store.put_ticket(ticket("two", 50)).await.unwrap();
        assert_eq!(store.take_ticket("three", instant(10)).await.unwrap(), None);
        assert_eq!(store.take_ticket("two", instant(50)).await.unwrap(), None);
        assert_eq!(store.take_ticket("two", instant(10)).await.unwrap(), None, "purged");
        for _ in 0..2 {
            assert_eq!(
                store.ticket("one", instant(99)).await.unwrap(),
                Some(ticket("one", 100)),
                "looking takes nothing"
            );
        }
        assert_eq!(store.ticket("one", instant(100)).await.unwrap(), None);
        assert_eq!(store.take_ticket("one", instant(99)).await.unwrap(), Some(ticket("one", 100)));
        assert_eq!(store.take_ticket("one", instant(99)).await.unwrap(), None);
    });
}
