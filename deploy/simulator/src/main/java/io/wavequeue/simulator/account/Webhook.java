package io.wavequeue.simulator.account;

/**
 * Who is told when a prediction ends.
 *
 * @param url as the submit named it
 * @param server this server's address as the client knows it, for the URLs in the message
 * @param keyHash stands for the API key of the submit
 */
public record Webhook(String url, String server, String keyHash) {}
