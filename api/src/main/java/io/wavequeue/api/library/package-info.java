/** Libraries as callers see them: plans, what they name, and takes with what people decide of them. */
@NullMarked
package io.wavequeue.api.library;

import org.jspecify.annotations.NullMarked;
