/** The checks that every cluster of these tests goes through at its end, tested by themselves. */
package dev.ashlar.acceptance.cluster;
