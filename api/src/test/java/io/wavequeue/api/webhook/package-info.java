@NullMarked
package io.wavequeue.api.webhook;

import org.jspecify.annotations.NullMarked;
