@NullMarked
package io.wavequeue.api.http;

import org.jspecify.annotations.NullMarked;
