use client::apis::configuration::Configuration;
use client::apis::{authentication_api, chats_api, messages_api, real_time_api, users_api, Error};
use client::models;
use std::collections::HashMap;
use std::env;
use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Default, PartialEq)]
struct Applied {
    states: Vec<String>,
    deleted: Vec<i64>,
    unknown: Vec<String>,
}

fn connect(server: &str, token: Option<String>) -> Configuration {
    Configuration {
        base_path: server.to_owned(),
        bearer_access_token: token,
        ..Configuration::default()
    }
}

fn sign_up(server: &str, name: &str, run: u128) -> Configuration {
    let user = format!("{name}-{run}");
    let email = format!("{user}@example.com");
    let registration = models::Registration::new(user, email, "correct horse battery".to_owned());
    let answer = authentication_api::register(&connect(server, None), registration).unwrap();
    connect(server, Some(answer.access_token))
}

/// The data of a change is a map here: it becomes a type when its kind is known.
fn applied(answer: models::SyncAnswer) -> Applied {
    let mut found = Applied::default();
    for change in answer.chats.into_iter().flat_map(|chat| chat.changes) {
        let data = serde_json::to_value(&change.data).unwrap();
        match change.r#type.as_str() {
            "message.state" => {
                let message: models::Message = serde_json::from_value(data).unwrap();
                found.states.push(message.contents);
            }
            "message.deleted" => {
                let deletion: models::MessageDeletion = serde_json::from_value(data).unwrap();
                found.deleted.push(deletion.id);
            }
            _ => found.unknown.push(change.r#type),
        }
    }
    found
}

fn code_of<T: Debug, E: Debug>(answer: Result<T, Error<E>>) -> String {
    let Err(Error::ResponseError(failure)) = answer else {
        panic!("{answer:?}");
    };
    let error: models::ApiError = serde_json::from_str(&failure.content).unwrap();
    error.details.code
}

fn main() {
    let server = env::var("SERVER").unwrap();
    let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let (ada, bob) = (sign_up(&server, "ada", run), sign_up(&server, "bob", run));
    let me = users_api::get_me(&bob).unwrap();
    let chat = chats_api::create_private_chat(&ada, models::CreatePrivateChat::new(me.id)).unwrap();

    let send = |contents: &str| {
        let message = models::SendMessage {
            contents: contents.to_owned(),
            client_id: Some(contents.to_owned()),
            ..models::SendMessage::new(contents.to_owned())
        };
        messages_api::send_message(&ada, chat.id, message).unwrap()
    };
    let (first, second, third) = (send("one"), send("two"), send("three"));
    assert_eq!(first.deduplicated, None);
    assert_eq!(send("one").deduplicated, Some(true));

    let order = Some(models::MessageOrder::Asc);
    let page = messages_api::get_messages(&bob, chat.id, None, Some(2), order, None, None).unwrap();
    assert_eq!((page.has_more, page.next), (true, Some(second.id)));
    let rest = messages_api::get_messages(&bob, chat.id, page.next, Some(2), None, None, None).unwrap();
    assert_eq!((rest.has_more, rest.next, rest.messages[0].id), (false, None, third.id));

    messages_api::change_message(&ada, first.id, models::ChangeMessage::new("uno".to_owned())).unwrap();
    assert!(messages_api::delete_message(&ada, second.id, None).unwrap().success);

    let nothing = || models::SyncRequest::new(None, HashMap::new());
    let epoch = real_time_api::sync(&bob, nothing()).unwrap().epoch;
    let known = HashMap::from([(chat.id.to_string(), third.pts)]);
    let caught_up = real_time_api::sync(&bob, models::SyncRequest::new(Some(epoch), known)).unwrap();
    let expected = Applied {
        states: vec!["uno".to_owned()],
        deleted: vec![second.id],
        unknown: vec![],
    };
    assert_eq!(applied(caught_up), expected);

    let chats = chats_api::get_chats(&bob, None, Some(1), None, None).unwrap();
    assert!(!chats.has_more);
    let past = chats_api::get_chats(&bob, chats.next.as_deref(), None, None, None).unwrap();
    assert!(past.chats.is_empty());

    assert_eq!(code_of(chats_api::get_chat(&bob, (1 << 53) - 1, None)), "CHAT_DOES_NOT_EXIST");

    let later = connect(&env::var("STAND_IN").unwrap(), None);
    let expected = Applied {
        states: vec!["hello".to_owned()],
        deleted: vec![],
        unknown: vec!["message.pinned".to_owned()],
    };
    assert_eq!(applied(real_time_api::sync(&later, nothing()).unwrap()), expected);
    assert_eq!(code_of(chats_api::get_chat(&later, 1, None)), "CHAT_ARCHIVED");
    assert_eq!(code_of(users_api::get_me(&later)), "PLAN_EXPIRED");
}
