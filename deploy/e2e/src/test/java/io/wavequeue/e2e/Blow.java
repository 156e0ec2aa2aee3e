package io.wavequeue.e2e;

/** What a chaos run does to the programs and what is between them. */
enum Blow {
    KILL_WORKER("kill -9 of a worker"),
    STOP_WORKER("a worker stopped until it is declared dead, then woken"),
    KILL_API("kill -9 of the API"),
    STOP_API("the API stopped, then woken"),
    END_CONNECTIONS("all connections ended by PostgreSQL"),
    CUT_DATABASE("the database away"),
    LOSE_COMMITS("replies to COMMITs lost"),
    STOP_KAFKA("Kafka stopped, then woken"),
    KILL_KAFKA("kill -9 of Kafka"),
    DELETE_TOPICS("all topics deleted"),
    PROVIDER_OUT("the provider refuses connections");

    private final String text;

    Blow(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
