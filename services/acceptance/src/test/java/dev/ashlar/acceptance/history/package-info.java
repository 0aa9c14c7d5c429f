/** The checker against a store in virtual time, correct and with planted bugs, and against histories written by hand. */
package dev.ashlar.acceptance.history;
