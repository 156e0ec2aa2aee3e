/**
 * The way of a job through a worker: start reading here.
 *
 * <p>Records enter, claimed jobs fly: submit, poll, settle. The only package that sees every stage. It decides nothing
 * about money itself; it puts the stages in their order.
 */
@NullMarked
package io.wavequeue.worker.flow;

import org.jspecify.annotations.NullMarked;
