/*
 * All pairs of 64-bit hashes at most so many bits apart, as a C program finds them; compiled and run by search.ts.
 *   search-mih FILE BITS WAY ROWS
 * FILE: hashes of 8 bytes in the machine's order. WAY: brute (xor and popcount of all pairs), mih (Norouzi, Punjani, Fleet
 * 2012: four tables of 16 bits, each hash probes all buckets within its share of the bits, a table of what was seen), join
 * (the same tables, bucket against bucket, hashes sorted by bucket). ROWS: only pairs whose first is among the first ROWS
 * (brute). Prints JSON: pairs, processor milliseconds of the search, highest resident KiB (0 = not told).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { tables = 4, buckets = 65536 };

static uint64_t *hashes;
static long count;
static int bits;
static int limits[tables];
static uint32_t *starts[tables], *lists[tables], *masks[tables];
static int maskCounts[tables];

static double processorMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static long highestKiB(void) {
  FILE *status = fopen("/proc/self/status", "r");
  char line[256];
  long kib = 0;
  if (!status) return 0;
  while (fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  fclose(status);
  return kib;
}

static uint32_t partOf(uint64_t hash, int table) { return (hash >> (48 - 16 * table)) & 0xffff; }

static void build(void) {
  uint32_t *next = malloc(buckets * sizeof *next);
  for (int table = 0; table < tables; table++) {
    int sum = bits + 1 - tables + tables - 1 - table;
    limits[table] = sum >= 0 ? sum / tables : -1;
    starts[table] = calloc(buckets + 1, sizeof **starts);
    lists[table] = malloc(count * sizeof **lists);
    masks[table] = malloc(buckets * sizeof **masks);
    for (long at = 0; at < count; at++) starts[table][partOf(hashes[at], table) + 1]++;
    for (int bucket = 0; bucket < buckets; bucket++) starts[table][bucket + 1] += starts[table][bucket];
    memcpy(next, starts[table], buckets * sizeof *next);
    for (long at = 0; at < count; at++) lists[table][next[partOf(hashes[at], table)]++] = at;
    for (int mask = 0; mask < buckets; mask++)
      if (__builtin_popcount(mask) <= limits[table]) masks[table][maskCounts[table]++] = mask;
  }
  free(next);
}

static long bruteForce(long rows) {
  long pairs = 0;
  for (long a = 0; a < rows && a < count; a++)
    for (long b = a + 1; b < count; b++) pairs += __builtin_popcountll(hashes[a] ^ hashes[b]) <= bits;
  return pairs;
}

static long probeTables(void) {
  long pairs = 0;
  uint32_t *seen = calloc(count, sizeof *seen);
  build();
  for (long a = 0; a < count; a++)
    for (int table = 0; table < tables; table++) {
      uint32_t own = partOf(hashes[a], table);
      for (int mask = 0; mask < maskCounts[table]; mask++) {
        uint32_t bucket = own ^ masks[table][mask];
        for (uint32_t at = starts[table][bucket]; at < starts[table][bucket + 1]; at++) {
          uint32_t b = lists[table][at];
          if (b <= a || seen[b] == a + 1) continue;
          seen[b] = a + 1;
          pairs += __builtin_popcountll(hashes[a] ^ hashes[b]) <= bits;
        }
      }
    }
  return pairs;
}

static int isFirst(uint64_t difference, int table) {
  for (int earlier = 0; earlier < table; earlier++)
    if (__builtin_popcount(partOf(difference, earlier)) <= limits[earlier]) return 0;
  return 1;
}

static long joinBuckets(void) {
  long pairs = 0;
  uint64_t *sorted = malloc(count * sizeof *sorted);
  build();
  for (int table = 0; table < tables; table++) {
    if (limits[table] < 0) continue;
    const uint32_t *start = starts[table];
    for (long at = 0; at < count; at++) sorted[at] = hashes[lists[table][at]];
    for (uint32_t bucket = 0; bucket < buckets; bucket++) {
      if (start[bucket] == start[bucket + 1]) continue;
      for (int mask = 0; mask < maskCounts[table]; mask++) {
        uint32_t partner = bucket ^ masks[table][mask];
        if (partner < bucket) continue;
        for (uint32_t x = start[bucket]; x < start[bucket + 1]; x++)
          for (uint32_t y = partner == bucket ? x + 1 : start[partner]; y < start[partner + 1]; y++) {
            uint64_t difference = sorted[x] ^ sorted[y];
            if (__builtin_popcountll(difference) <= bits && isFirst(difference, table)) pairs++;
          }
      }
    }
  }
  return pairs;
}

int main(int argc, char **argv) {
  FILE *file = argc == 5 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  count = ftell(file) / 8;
  rewind(file);
  hashes = malloc(count * 8);
  if (fread(hashes, 8, count, file) != (size_t)count) return 2;
  fclose(file);
  bits = atoi(argv[2]);
  double start = processorMs();
  long pairs = !strcmp(argv[3], "brute") ? bruteForce(atol(argv[4])) : !strcmp(argv[3], "mih") ? probeTables() : joinBuckets();
  printf("{\"pairs\":%ld,\"cpuMs\":%f,\"peakKiB\":%ld}\n", pairs, processorMs() - start, highestKiB());
  return 0;
}
